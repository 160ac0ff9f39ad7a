%% The notes with webmachine, before the migration. One module has both resources: a note, and the
%% list to which notes are added.
-module(before).
-export([start/0, init/1, allowed_methods/2, resource_exists/2, generate_etag/2,
         content_types_provided/2, content_types_accepted/2, post_is_create/2, create_path/2, delete_resource/2,
         to_json/2, to_text/2, from_json/2]).

-record(context, {resource, id, note}).

%% Listens on the port PORT, until it is ended.
start() ->
    ets:new(notes, [named_table, public]),
    ets:insert(notes, [{"1", <<"Hello">>, 1}, {last, 1}]),
    {ok, _} = application:ensure_all_started(webmachine),
    {ok, _} = webmachine_mochiweb:start(
                [{name, notes}, {ip, "127.0.0.1"}, {port, list_to_integer(os:getenv("PORT"))},
                 {dispatch, [{["notes", id], ?MODULE, note}, {["notes"], ?MODULE, list}]}]),
    timer:sleep(infinity).

init(Resource) -> {ok, #context{resource = Resource}}.

allowed_methods(Req, C = #context{resource = note}) -> {['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS'], Req, C};
allowed_methods(Req, C) -> {['POST', 'OPTIONS'], Req, C}.

resource_exists(Req, C = #context{resource = list}) -> {true, Req, C};
resource_exists(Req, C) ->
    Id = wrq:path_info(id, Req),
    Found = ets:lookup(notes, Id),
    timer:sleep(list_to_integer(os:getenv("PAUSE", "0"))), % as a database would take
    case {Found, wrq:method(Req)} of
        {[Note], _} -> {true, Req, C#context{id = Id, note = Note}};
        {[], 'PUT'} -> {{halt, 404}, Req, C}; % else a PUT creates
        {[], _} -> {false, Req, C}
    end.

generate_etag(Req, C = #context{note = {_, _, Version}}) -> {integer_to_list(Version), Req, C};
generate_etag(Req, C) -> {undefined, Req, C}.

content_types_provided(Req, C) -> {[{"application/json", to_json}, {"text/plain", to_text}], Req, C}.
content_types_accepted(Req, C) -> {[{"application/json", from_json}], Req, C}.

to_json(Req, C) -> {json(C#context.note), Req, C}.
to_text(Req, C = #context{note = {_, Text, _}}) -> {Text, Req, C}.

%% PUT and POST.
from_json(Req, C) ->
    case change(Req) of
        malformed -> {{halt, 400}, Req, C};
        <<>> -> {{halt, 422}, Req, C};
        Text -> write(Text, Req, C)
    end.

%% webmachine does not set the tag of an answer to a write.
write(Text, Req, C = #context{id = Id}) ->
    Version = case C#context.note of
                  {_, _, V} -> V + 1;
                  undefined -> 1
              end,
    Note = {Id, Text, Version},
    ets:insert(notes, Note),
    Tagged = wrq:set_resp_header("ETag", [$", integer_to_list(Version), $"], Req),
    {true, wrq:set_resp_body(json(Note), Tagged), C#context{note = Note}}.

post_is_create(Req, C) -> {true, Req, C}.
create_path(Req, C) ->
    Id = integer_to_list(ets:update_counter(notes, last, 1)),
    {Id, wrq:set_resp_header("Location", "/notes/" ++ Id, Req), C#context{id = Id}}.

delete_resource(Req, C) -> {ets:delete(notes, C#context.id), Req, C}.

%% The text that the client sent, or malformed.
change(Req) ->
    try mochijson2:decode(wrq:req_body(Req), [{format, proplist}]) of
        Members -> case proplists:get_value(<<"text">>, Members, <<>>) of
                       Text when is_binary(Text) -> Text;
                       _ -> malformed
                   end
    catch _:_ -> malformed
    end.

json({Id, Text, Version}) ->
    iolist_to_binary(mochijson2:encode({struct, [{id, list_to_binary(Id)}, {text, Text}, {version, Version}]})).
