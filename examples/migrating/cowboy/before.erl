%% The notes with cowboy_rest, before the migration. One module has both resources: a note, and the
%% list to which notes are added.
-module(before).
-export([start/0, init/2, allowed_methods/2, resource_exists/2, generate_etag/2,
         content_types_provided/2, content_types_accepted/2, delete_resource/2,
         to_json/2, to_text/2, from_json/2]).

%% Listens on the port PORT, until it is ended.
start() ->
    ets:new(notes, [named_table, public]),
    ets:insert(notes, [{<<"1">>, <<"Hello">>, 1}, {last, 1}]),
    {ok, _} = application:ensure_all_started(cowboy),
    Routes = cowboy_router:compile([{'_', [{"/notes/:id", ?MODULE, #{resource => note}},
                                           {"/notes", ?MODULE, #{resource => list}}]}]),
    {ok, _} = cowboy:start_clear(notes, [{ip, {127, 0, 0, 1}}, {port, list_to_integer(os:getenv("PORT"))}],
                                 #{env => #{dispatch => Routes}}),
    timer:sleep(infinity).

init(Req, State) -> {cowboy_rest, Req, State}.

allowed_methods(Req, S = #{resource := note}) ->
    {[<<"GET">>, <<"HEAD">>, <<"PUT">>, <<"DELETE">>, <<"OPTIONS">>], Req, S};
allowed_methods(Req, S) -> {[<<"POST">>, <<"OPTIONS">>], Req, S}.

resource_exists(Req, S = #{resource := list}) -> {false, Req, S}; % else a POST is 200
resource_exists(Req = #{method := M}, S) ->
    Found = ets:lookup(notes, cowboy_req:binding(id, Req)),
    timer:sleep(list_to_integer(os:getenv("PAUSE", "0"))), % as a database would take
    case Found of
        [Note] -> {true, Req, S#{note => Note}};
        [] when M =:= <<"PUT">> -> {stop, cowboy_req:reply(404, Req), S}; % else a PUT creates
        [] -> {false, Req, S}
    end.

generate_etag(Req, S = #{note := {_, _, Version}}) -> {{strong, integer_to_binary(Version)}, Req, S};
generate_etag(Req, S) -> {undefined, Req, S}.

content_types_provided(Req, S) ->
    {[{{<<"application">>, <<"json">>, []}, to_json}, {{<<"text">>, <<"plain">>, []}, to_text}], Req, S}.
content_types_accepted(Req, S) -> {[{{<<"application">>, <<"json">>, '*'}, from_json}], Req, S}.

to_json(Req, S = #{note := Note}) -> {json(Note), Req, S}.
to_text(Req, S = #{note := {_, Text, _}}) -> {Text, Req, S}.

%% POST and PUT.
from_json(Req0, S) ->
    {ok, Body, Req} = cowboy_req:read_body(Req0),
    case change(Body) of
        malformed -> {false, Req, S}; % 400
        <<>> -> {stop, cowboy_req:reply(422, Req), S};
        Text -> save(Text, Req, S)
    end.

save(Text, Req, S = #{resource := list}) ->
    Id = integer_to_binary(ets:update_counter(notes, last, 1)),
    {{created, <<"/notes/", Id/binary>>}, write({Id, Text, 1}, Req), S};
save(Text, Req, S = #{note := {Id, _, Version}}) ->
    {true, write({Id, Text, Version + 1}, Req), S}.

%% cowboy does not set the tag of an answer to a write.
write(Note = {_, _, Version}, Req) ->
    ets:insert(notes, Note),
    Tagged = cowboy_req:set_resp_header(<<"etag">>, [$", integer_to_binary(Version), $"], Req),
    cowboy_req:set_resp_body(json(Note), Tagged).

delete_resource(Req, S = #{note := {Id, _, _}}) -> {ets:delete(notes, Id), Req, S}.

%% The text that the client sent, or malformed.
change(Body) ->
    try jiffy:decode(Body, [return_maps]) of
        #{<<"text">> := Text} when is_binary(Text) -> Text;
        #{<<"text">> := _} -> malformed;
        #{} -> <<>>;
        _ -> malformed
    catch _:_ -> malformed
    end.

json({Id, Text, Version}) -> jiffy:encode({[{id, Id}, {text, Text}, {version, Version}]}).
