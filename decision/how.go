// This file has, in words, how a request makes a row answer yes or no. An edge comes in, and
// its words go out.

package decision

// How says how a request takes the edge: "send If-Match" for the yes of [G8]. It returns ""
// where only the state of the service decides, and where there is nothing to do.
func (e Edge) How() string {
	texts, ok := hows[e.ID]
	switch {
	case !ok:
		return ""
	case e.Answer == Yes:
		return texts.yes
	}
	return texts.no
}

var hows = map[ID]struct{ yes, no string }{
	B13: {"", "a ServiceAvailable says no"},
	B12: {"", "send a method that HTTP does not define"},
	B11: {"send a target of more than 8 KiB", ""},
	B10: {"", "send a method that the path does not have"},
	B9:  {"send control bytes in the path, or a field with a line break", ""},
	B8:  {"send credentials that every Authorized accepts", "send no credentials, or other ones"},
	B7:  {"a Forbidden says yes", ""},
	B5:  {"", "send a Content-Type that is not supported"},
	B4:  {"", "send content longer than MaxBody"},
	C3:  {"send Accept", "send no Accept"},
	C4:  {"with a media type that is offered", "with media types that are not offered"},
	D4:  {"send Accept-Language", "send no Accept-Language"},
	D5:  {"with a language that is offered", "with languages that are not offered"},
	E5:  {"send Accept-Charset", "send no Accept-Charset"},
	E6:  {"with a charset that is offered", "with charsets that are not offered"},
	F6:  {"send Accept-Encoding", "send no Accept-Encoding"},
	F7:  {"with a coding that is offered", "refuse all codings, and identity: Accept-Encoding: identity;q=0"},
	G5:  {"", "send content longer than MaxBody, without its length"},
	G7:  {"ask for a resource that exists", "ask for a resource that is missing"},
	G7a: {"a Forbidden says yes about the loaded resource", ""},
	G7d: {"send no precondition", "send one: If-Match, If-None-Match: * or If-Unmodified-Since"},
	G8:  {"send If-Match", "send no If-Match"},
	G9:  {"send If-Match: *", "with entity-tags"},
	G10: {"a list of entity-tags in double quotes", "a list that cannot be read"},
	G11: {"with the current ETag, if it is strong", "with an ETag that is not current, or is weak"},
	H10: {"send If-Unmodified-Since", "send no If-Unmodified-Since"},
	H11: {"with an HTTP-date", "with a value that is not an HTTP-date"},
	H12: {"before Last-Modified", "with Last-Modified, or later"},
	I12: {"send If-None-Match", "send no If-None-Match"},
	I13: {"send If-None-Match: *", "with entity-tags"},
	J13: {"a list of entity-tags in double quotes", "a list that cannot be read"},
	K13: {"with the current ETag", "with an ETag that is not current"},
	J19: {"and If-Modified-Since before Last-Modified", "and no If-Modified-Since, or one that agrees"},
	L13: {"send If-Modified-Since", "send no If-Modified-Since"},
	L14: {"with an HTTP-date", "with a value that is not an HTTP-date"},
	L17: {"before Last-Modified", "with Last-Modified, or later"},
	H7:  {"send If-Match", "send no If-Match"},
	H8:  {"no If-None-Match, or a list that can be read", "send a list that cannot be read"},
	P2:  {"send no precondition", "send If-None-Match: *"},
	P19: {"send Range: bytes=0-9", "send no Range"},
	P20: {"send no If-Range, or the current ETag in it", "send another ETag in If-Range"},
	P21: {"within the content", "beyond its end"},
}
