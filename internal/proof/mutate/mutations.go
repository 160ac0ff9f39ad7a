// The mutations: what servers get wrong, done to ours. A line says what is broken,
// where, and how: see changes.go for the words. Where a name is there more than
// once, its type or its package stands in front.

package main

// Where the App's graph and conditional.Evaluate each have a rule, each is
// broken on its own.
var mutations = []mutation{
	// Entity-tags are compared.
	{"If-Match compares weakly", "preconditionRows[G11]", arg("ifTag", 2, "weakly")},
	{"If-Match compares weakly, in Evaluate", "Preconditions.ifUnchanged", arg("scan", 2, "false")},
	{"If-None-Match compares strongly", "preconditionRows[K13]", arg("ifTag", 2, "strongly")},

	// One precondition is there beside another.
	{"no match falls through to If-Modified-Since", "decision.HTTP[K13]", noTo("L13")},
	{"no match falls through to the date, in Evaluate", "Preconditions.ifNoneMatch", branch("match", result(1, "$recv.ifModified($1, $2)"))},
	{"a match is not enough under RFC9110", "preconditionRows[J19]", arg("unknownIf", 1, "true")},
	{"a match is always enough", "preconditionRows[J19]", arg("unknownIf", 1, "false")},
	{"If-Unmodified-Since counts beside If-Match", "decision.HTTP[G11]", yesTo("H10")},

	// GET and HEAD alone have a 304.
	{"If-Modified-Since counts for every method", "preconditionRows[L13]", arg("unknownIf", 1, "true")},
	{"If-Modified-Since counts for every method, in Evaluate", "Preconditions.ifModified", operand("$2", "true")},
	{"304 answers every method", "decision.HTTP[J18]", noTo("304")},

	// Dates are read and compared.
	{"dates are compared with their fractions", "conditional.ModifiedAfter", result(1, "$1.After($2)")},
	{"an equal date is a later one", "conditional.ModifiedAfter", operator(">", ">=")},
	{"the form of RFC 850 is not read", "parseRFC850", first("return 0, false")},

	// Lists of entity-tags are read.
	{"If-Match: * accepts what is missing", "missingRows[H7]", arg("ifThe", 1, "func(p *conditional.Preconditions) bool { return p.IfMatch.Present() && !p.IfMatch.Star() }")},
	{"If-Match: * accepts what is missing, in Evaluate", "Preconditions.onNothing", operand("IfMatch", "$0 && !$recv.IfMatch.Star()")},
	{"only the first field line counts", "ParseList", first("$1 = $1[:min(len($1), 1)]")},
	{"a quoted star is a star", "ParseList", first("if len($1) == 1 && $1[0] == `\"*\"` { $1 = []string{`*`} }")},
	{"quotes are trimmed off a tag that begins with none", "cutBare", result(2, "strings.TrimPrefix($0, `\"`)")},
	{"an unreadable list lets a write pass", "preconditionRows[J13b]", arg("knownAtStart", 1, "anyMethod")},
	{"a lower-case w marks a weak tag", "cutETag", first("if strings.HasPrefix($1, `w/`) { $1 = `W/` + $1[2:] }")},

	// What is decided and sent.
	{"a precondition comes before the 406", "walk.chosen", arg("Bool", 1, "$0 || $1.x.Preconditions().Any()")},
	{"304 without its ETag", "fillNotModified", call("fillTag", "false, error(nil)")},
	{"304 with content", "fillNotModified", first("$recv.details.SetBytes([]byte(`{}`)); $recv.content = &$recv.details")},
	{"304 without its Vary", "fillNotModified", call("fillVary", "nil")},
	{"PUT answers with the old tag", "describeResult", branch("isShown", arg("fillReplied", 1, "$recv.reps.Current()"))},
	{"PUT answers with a tag that is asked after the write", "Answer.omits", first("return false")},
	{"PUT that declares any answers with a tag that is asked after the write", "Method.answered", operand("Result", "false")},
	{"a 201 to PUT is not said to be the representation", "Answer.isShown", branch("StatusCreated", result(1, "isOwn && false"))},
	{"a tag without a value is asked after the load", "Walk.exists", operand("Early", "false")},
	{"a tag is asked after a gate has made the content", "Exchange.dependency", operand("Shown", "false")},
	{"a tag is asked after another fact has made the content", "Foreseen.makesShown", result(1, "0")},
	{"a part is of newer content than its tag", "Walk.usableRange", call("Confirm", "error(nil)")},
	{"a write is not checked again where its tag was asked first", "Exchange.Confirm", result(1, "error(nil)")},
	{"the lock is given up before the write", "Walk.act", before("Run", "$recv.x.Unlock()")},
	{"If-Range compares weakly", "Walk.ifRange", swap("StrongMatch", "WeakMatch")},
	{"a read compares with every variant", "Representations.Matches", operand("Reads", "false")},
	{"every hash is of the first rendering", "findTag", arg("hash", 2, "min($0, 0)")},
	{"content that comes coded is coded again", "Representations.negotiatedCoding", operand("isCoded", "false")},
	{"content is coded where it does not pay", "codingFor", operand("pays", "true")},
	{"a file varies by the App's codings", "Path.settleCodings", operand("keepsLength", "true")},
	{"every hash of a file is kept", "isEmbedded", operand("PkgPath", "true")},
	{"a parameter that an offer lacks always counts", "MediaType", swap("loosely", "closely")},
	{"preconditions of a GET that fails count", "Method.needsCurrent", only("Dynamic")},
	{"a write begins anew without its content", "beginsAnew", operand("StreamBegun", "false")},
	{"what a refusing Reply has done is kept", "runCleanups", swap("400", "600")},
	{"an escaped slash separates", "setPath", branch("PathUnescape", swap("RawPath", "EscapedPath()"))},
	{"the only error of a callback of a known type is lost", "wire.IsError", result(1, "false")},
	{"a HEAD has ranges", "contentRows[P19]", arg("unknownIf", 1, "$1.Reads()")},

	// JSON has one meaning.
	{"JSON: names are compared as they are written", "checker.member", operand("fold", "false")},
	{"JSON: the names of a map are not compared", "newReader", operand("open", "false")},
	{"JSON: the first of many names is forgotten", "names.add", first("if len($recv.many) == maxCompared+1 { clear($recv.many) }")},
	{"JSON: content may nest without end", "isShallow", first("return true")},
	{"JSON: a quoted number is read as Go reads it", "readPlain", first("return errors.ErrUnsupported")},
	{"JSON: content is read over what was read", "Reader.Read", call("SetZero", "_ = $2")},
	{"JSON: something may follow", "checker.value", branch("rest", first("return nil"))},
	{"JSON: nil slices are null", "newWriter", arg("FormatNilSliceAsNull", 1, "true")},
	{"JSON: a json.Number is written as text", "Writer.optionsFor", branch("known", swap("numbers", "plain"))},
	{"JSON: a type that JSON cannot hold is let in", "Path.checkJSON", first("return")},
	// A leap must lead where the rows lead.
	{"the usual leap passes an If-Match", "leapRead", operand("IfMatch", "false")},
	{"the usual leap passes an If-Unmodified-Since", "leapRead", operand("IfUnmodifiedSince", "false")},
	{"the usual leap takes a date of no meaning", "leapDate", operand("IsZeroDate", "false")},
	{"the usual leap passes a gate of what is loaded", "Method.usual", swap("ForbidLoaded", "ForbidEarly")},
	{"the usual leap passes where it has moved", "Method.usual", swap("MovedTemporarily", "MovedPermanently")},
	{"a leap passes If-Unmodified-Since", "preconditionLeap", operand("IfUnmodifiedSince", "false")},
	{"a leap passes an unreadable list", "leapIfNoneMatch", operand("IsTag", "$1.IfNoneMatch.Star()")},
	{"a leap compares If-Match weakly", "leapIfMatch", arg("Matches", 2, "weakly")},
	{"a leap lets every If-Match pass", "leapIfMatch", swap("mismatched", "unconditional")},
	{"a leap passes what stands behind a match", "leapIfMatch", swap("matched", "unconditional")},
	{"a leap compares If-None-Match strongly", "leapIfNoneMatch", swap("Weak", "Strong")},
	{"a leap calls a match enough", "leapIfNoneMatch", swap("weaklyMatched", "notModified")},
	{"a leap takes the same date for a later one", "leapIfModifiedSince", call("ModifiedAfter", "!$arg1.Before($arg2)")},
	{"a leap passes Accept", "requestLeap", operand("takesFirst", "false")},
	{"a leap passes a path that cannot be read", "requestLeap", operand("Malformed", "false")},
	{"a leap passes a Content-Range", "usualContent", operand(`"Content-Range"`, "false")},
	{"a leap passes a Content-Encoding", "usualContent", operand(`"Content-Encoding"`, "true")},
	{"a leap passes those who are not authorized", "checksNothing", alike("Forbidden", "Authorized")},
}
