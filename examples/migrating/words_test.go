// Why the two sides answer an exchange differently, in words for the reader of the page.

package main

// What several frameworks share.
const (
	ownTag      = "Each representation has its own tag: a cache must not take one for the other."
	negotiates  = "`Provides` is negotiated with weights; before, it was a comparison of texts."
	notOffered  = "What is not offered is refused; before, the client got JSON that it had not asked for."
	weakRead    = "A read compares weakly (RFC 9110, 13.1.2): some proxies make a tag weak."
	listOfTags  = "A precondition may be a list."
	star        = "`*` stands for whatever is there."
	mustCreate  = "With `If-None-Match: *` a PUT must not replace anything."
	ifMatchRead = "`If-Match` holds for reads, too."
	typeFirst   = "The type of the content is looked at before the note is loaded."
	allowHead   = "HEAD and OPTIONS are there, and `Allow` says so."
	lost        = "The check and the write are one step: writes to one note exclude each other."
	strongWrite = "A write compares strongly (RFC 9110, 13.1.1)."
	options     = "OPTIONS is answered from the handlers that there are."
	head        = "Each GET answers HEAD, too."
	noTagOn412  = "A 412 has no tag: its content is not the note."
)

// words are by framework and by exchange.
var words = map[string]map[string]string{
	"python": {
		"HEAD":                                "Its `HTTPMethod` does not have HEAD.",
		"a read as text":                      ownTag,
		"a read with JSON at q=0.1, and text": "Its renderers are asked in their order, and weights are not read.",
		"PUT of CSV with an old tag":          typeFirst,
		"PUT of broken JSON":                  "Content that cannot be parsed is 400; 422 is for what was understood.",
		"PUT without a text":                  "An error has no tag: its content is not the note.",
		"PATCH":                               allowHead,
		"OPTIONS":                             options,
		"the error for a person":              "`FinishRequest` runs for errors, too; `default_headers` does not.",
		"the error for a program":             "The same.",
		"the ID of a request that fails":      "The same. And a client that takes anything gets JSON, since `RenderError` says so; before, the HTML won.",
		raceName:                              lost,
	},
	"webmachine": {
		"a read as text":                      ownTag,
		"a read with JSON at q=0.1, and text": ownTag,
		"PUT with the tag made weak":          strongWrite + " webmachine drops the `W/`.",
		"PUT of CSV with an old tag":          typeFirst,
		"POST of CSV":                         "webmachine asks for the path of the new note, before it looks at the content.",
		"PATCH":                               "webmachine knows PATCH only if `known_methods` says so.",
		"OPTIONS":                             options + " In webmachine the callback `options` has to say it.",
		raceName:                              lost,
	},
	"liberator": {
		"a read with two tags":                listOfTags + " Liberator compares the whole field with `=`.",
		"a read with the tag made weak":       weakRead,
		"a read with an old `If-Match`":       noTagOn412 + " Liberator puts `:etag` on every answer.",
		"a read as text":                      ownTag,
		"a read with JSON at q=0.1, and text": ownTag,
		"the same PUT again":                  noTagOn412,
		"PUT with two tags":                   listOfTags,
		"PUT with the tag made weak":          noTagOn412,
		"PUT with `If-None-Match: *`":         noTagOn412,
		"DELETE with an old tag":              noTagOn412,
		raceName:                              lost,
	},
	"cowboy": {
		"a read as text":                      ownTag,
		"a read with JSON at q=0.1, and text": ownTag,
		"PUT of CSV with an old tag":          typeFirst,
		raceName:                              lost,
	},
	"chi": {
		"a read with two tags":                listOfTags,
		"a read with the tag made weak":       weakRead,
		"a read with `If-None-Match: *`":      star,
		"a read with an old `If-Match`":       ifMatchRead,
		"a read as text":                      ownTag,
		"a read with JSON at q=0.1, and text": negotiates,
		"a read as a picture":                 notOffered,
		"PUT with two tags":                   listOfTags,
		"PUT with `If-None-Match: *`":         mustCreate,
		"PUT with `If-Match: *`":              star,
		"PUT of CSV with an old tag":          typeFirst,
		"PATCH":                               allowHead,
		"OPTIONS":                             options,
		raceName:                              lost,
	},
	"echo": {
		"a read with the tag made weak":       weakRead,
		"HEAD":                                head,
		"a read as text":                      ownTag,
		"a read with JSON at q=0.1, and text": negotiates,
		"a read as a picture":                 notOffered,
		"PUT with `If-None-Match: *`":         mustCreate,
		"PUT of CSV with an old tag":          typeFirst,
		"PATCH":                               allowHead,
		"OPTIONS":                             allowHead,
		raceName:                              lost,
	},
	"huma": {
		"a read with the tag":                 "A 304 carries the tag (RFC 9110, 15.4.5). huma's 304 is an error, which has no fields of the output.",
		"a read with two tags":                listOfTags + " huma splits it at the comma, and the space stays.",
		"a read with the tag made weak":       "The same 304.",
		"a read with `If-None-Match: *`":      "The same 304.",
		"a read with an old `If-Match`":       "An `If-Match` that fails is a 412; 304 would say that what the client has is current.",
		"a read as text":                      ownTag + " The before-program has no text.",
		"a read with JSON at q=0.1, and text": ownTag + " The before-program has no text.",
		"a read as a picture":                 notOffered,
		"PUT with two tags":                   listOfTags,
		"PUT with the tag made weak":          strongWrite + " huma drops the `W/`.",
		"PUT with `If-Match: *`":              star,
		"PATCH":                               allowHead,
		"OPTIONS":                             options,
		raceName:                              lost,
	},
}
