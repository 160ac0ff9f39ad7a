// The mutations of what is promised with default options. Each breaks one promise, and
// names the tests that are about it: a package, and which of its tests are run. Where those
// do not notice, nobody is asked to notice by luck.

package main

// A promise is a mutation, and the tests that have to kill it.
type promise struct {
	name, in string
	change   change
	killer   string // a folder below restmachine/internal, or restmachine, or one that begins with internal/; and what go test -run takes
}

var promises = []promise{
	// One record has one lock.
	{"a number in a path is spelled anyhow", "Exchange.fromText", swap("FillExactly", "Fill"), "exchange TestOneWriterWinsOverAliases"},
	{"each spelling of a value has a key", "Exchange.lockKey", operand("Values", "true"), "exchange TestOneWriterWinsOverAliases"},
	{"a value is read in one way on all paths", "paramPlaces", arg("Join", 1, "append($0, segments...)"), "exchange TestAliasesOfAnotherPath"},
	{"each time zone of a moment has a key", "toUTC", first("return"), "textfield TestCanonicalForms"},
	{"each path of a record has a key", "lockkey.Share", operand("depth", "false"), "exchange TestOneWriterWinsOverAliases"},
	{"two keys of one record are not told", "lockkey.conflict", operand("2", "true"), "plan TestLockingFaults"},
	{"a POST goes beside a guarded write", "locksAsPost", operand("Methods", "false"), "exchange TestPostBesideAGuardedWrite"},
	{"a POST alone goes beside another", "locksAsPost", operand("guarded", "false"), "exchange TestPostBesideAGuardedWrite"},
	{"nested writes go side by side", "Exchange.pass", call("Lock", "error(nil)"), "exchange TestNestedWritesGoOneAtATime"},
	{"a nested write outlives its handler", "Exchange.Unlock", operand("ticket", "false"), "exchange TestANestedWriteDoesNotOutliveItsHandler"},
	{"a long wait is not told", "Locks.warns", operand("Warn", "false"), "exchange TestLongWaitsAreLogged"},

	// Random Apps find what is asked too late.
	{"random Apps ask a tag after the GET has read", "Walk.exists", operand("Early", "false"), "internal/proof/apps TestRandomApps"},
	{"random Apps answer a write with a tag that is asked after it", "Answer.omits", first("return false"), "internal/proof/apps TestRandomApps"},

	// What is read as text.
	{"a GET does not tell what it reads", "Path.settleVary", first("return"), "answer TestVaryOfWhatIsRead"},
	{"an error that may be stored is for everybody", "Answer.fillVaried", first("return"), "answer TestVaryOfWhatACacheMayKeep"},
	{"what a cookie holds is told", "Place.isSecret", first("return false"), "exchange TestCookies"},
	{"the default of an absent name is not used", "field.fill", operand("absent", "true"), "exchange TestDefaults"},
	{"a Header reads what the graph decides by", "binder.checkName", operand("instead", "false"), "plan TestFieldsThatAreNotRead"},

	// Whatever breaks holds nothing.
	{"the log goes out while the lock is held", "Exchange.Tell", operand("holds", "false"), "exchange TestNothingIsHeldWhileLogging"},
	{"a slog.Handler ends the exchange", "guarded.Handle", first("return $recv.Handler.Handle($1, $2)"), "exchange TestABrokenLogHoldsNothing"},
	{"a Tracer ends the exchange", "job.shield", call("Protect", "func() error { $2(); return nil }()"), "exchange TestABrokenTracerHoldsNothing"},
	{"what comes beside an error stays open", "Representations.run", call("CloseLater", "_ = 0"), "exchange TestWhatComesBesideAnErrorIsClosed"},
	{"a stream beside a status without content stays open", "Representations.Of", branch("StatusNoContent", call("CloseLater", "_ = 0")), "exchange TestWhatIsNotSentIsClosed"},
	{"a stream that ends its goroutine stays open", "job.respond", operand("HasClosers", "false"), "exchange TestAStreamThatEndsItsGoroutine"},
	{"content in a file is read once", "Exchange.parsed", branch("RawSeeker", result(1,
		"func() any { v := &$recv.values[$1.Slot]; if !v.done { v.value, v.done = $0, true }; return v.value }()")), "exchange TestReadersOfOnesOwn"},
	{"content in a file is gone before it is sent back", "job.release", operand("HasSpool", "false"), "exchange TestContentThatIsSentBack"},

	// Content that does not come whole.
	{"content that breaks off is the service's failure", "request.broken", operand("EOF", "true"), "request TestContentThatBreaksOff"},
	{"a connection that ends is the service's failure", "request.broken", operand("EOF", "true"), "request TestAConnectionThatEndsOverHTTP2"},
	{"a cancelled stream is the service's failure", "request.broken", operand("EOF", "true"), "request TestCancelledStreamsOverHTTP2"},
	{"slow content is content that breaks off", "isTimeout", result(1, "($0) && false"), "request TestSlowContent"},
	{"slow content is logged once the answer has begun", "Answer.Abort", only("Context"), "request TestSlowContentOverHTTP2"},

	// Gates add up, and no check is silently off.
	{"a nearer Forbidden stands in for the others", "sums[Forbidden]", swap("AllMustPass", "NearestHolds"), "plan TestLawGatesAddUp"},
	{"a nearer Authorized stands in for the others", "sums[Authorized]", swap("AllMustPass", "NearestHolds"), "plan TestLawGatesAddUp"},
	{"a nearer ServiceAvailable stands in for the others", "sums[ServiceAvailable]", swap("AllMustPass", "NearestHolds"), "plan TestLawGatesAddUp"},
	{"a nearer MethodAllowed stands in for the others", "sums[MethodAllowed]", swap("AllMustPass", "NearestHolds"), "plan TestLawGatesAddUp"},
	{"a nearer MalformedRequest stands in for the others", "sums[MalformedRequest]", swap("AllMustPass", "NearestHolds"), "plan TestLawGatesAddUp"},
	{"a nearer IsConflict stands in for the others", "sums[IsConflict]", swap("AllMustPass", "NearestHolds"), "plan TestLawGatesAddUp"},
	{"a nearer bool of ResourceExists stands in for the others", "sums[ResourceExists]", swap("AllMustPass", "NearestHolds"), "plan TestLawGatesAddUp"},
	{"a nearer FinishRequest stands in for the others", "sums[FinishRequest]", swap("AllRun", "NearestHolds"), "plan TestLawHooksAllRun"},
	{"there is a way round a gate", "checkNoWayRound", operand("reaches", "false"), "plan TestWaysRoundGates"},
	{"a fact that nobody asks is not told", "checkAsked", operand("askers", "false"), "plan TestNeverAsked"},
	{"a required precondition that nobody asks is not told", "checkRequired", operand("hasGuardedWrite", "false"), "plan TestNeverAsked"},
	{"a method that can never require a precondition is not told", "neverRequires", operand("RequiresPrecondition", "true"), "plan TestRequiredFaults"},
	{"a POST that acts on nothing requires a precondition", "Method.RequiresPrecondition", operand("actsOnTarget", "true"), "walk TestPostsThatRequireNothing"},
	{"a gate takes content that is not read", "checkStages", operand("bodies", "false"), "plan TestAskingFaults"},
	{"a 405 lists what it refuses", "Walk.Decide", operand("LimitsMethods", "false"), "walk TestAllowListsWhatIsAllowed"},
	{"an OPTIONS takes every name that ends in PATCH", "fillOptions", operand("Split", "!strings.Contains(allow, http.MethodPatch)"), "walk TestAcceptPatchOfOptions"},
	{"a displaced fact is told to go to a Group", "whyNot", operand("nearer", "false"), "plan TestDisplacedFactsAreToldWhy"},
	{"a struct is not told to be a Body", "plan.meant", first("return ``"), "plan TestRemedies"},
	{"a Resource without a handler is none", "compileRoutes", operand("Handlers", "false"), "plan TestHoldingFaults"},
	{"a channel is a result", "unrenderable", first("return nil"), "plan TestFaultsOfResults"},
	{"an error is mapped from a pointer", "neverMatches", result(1, "false"), "plan TestFaultsOfMappedErrors"},
	{"a Validate of a path or a query is ignored", "fieldSource", call("checks", "nil"), "exchange TestValidate"},

	// What is negotiated.
	{"a language that nobody offers is a 406", "wished", operand("StrictNegotiation", "false"), "represent TestWishesThatNothingFulfils"},
	{"a star is a language", "Ref.offer", first("set($recv, $1, $3, append([]string{}, $2...)); return"), "represent TestOffersThatNobodyCanChoose"},
	{"a lone star cannot be read", "readMediaRange", operand("alone", "$0 && false"), "negotiate TestMediaType"},
	{"a language range takes the earliest offer", "negotiate.lookUp", before("Count", "if longest >= 0 { break }"), "negotiate TestLanguage"},
	{"If-Range takes tags in quotes alone", "soleTag", operand("strict", "true"), "walk TestRange"},
	{"no codings are those of the App", "declare.Effective", operand("Encodings", "len(s.Encodings) == 0"), "represent TestEmptyListsOfCodings"},
	{"a Provides for an interface serves none", "isWide", result(1, "false"), "represent TestRenderersForInterfaces"},

	// What is sent.
	{"a field of a RenderError is not checked", "Answer.Refuse", operand("illegal", "false"), "answer TestNoControlByteInAField"},
	{"a field of a RenderError behind a panic is not checked", "Answer.Break", operand("failed", "false"), "answer TestNoControlByteInAField"},
	{"a status of a RenderError is not the answer's", "Answer.restate", first("return"), "answer TestStatusOfRenderError"},
	{"a problem is kept", "Answer.forbidStoring", first("return"), "answer TestErrorsAreNotStored"},
	{"a refusal is kept", "buildRefusal", swap(`"Cache-Control"`, `"X-Cache-Control"`), "answer TestErrorsAreNotStored"},
	{"a refusal by a fact is explained by the library", "Answer.refusal", operand("ByFact", "false"), "answer TestDetailsAreTrue"},
	{"a fact asks what the library does not", "row.with", operand("Plan", "true"), "walk TestFactsThatLetAllPassChangeNothing"},
	{"a 428 always says how to create", "Answer.refusal", operand("Creates", "true"), "walk TestA428AdvisesWhatWouldDo"},
	{"a 412 does not know proxies", "ChangedByProxy", first("return false"), "answer TestTagsOfProxies"},
	{"a Created that nobody expects is a 200", "EndsWalk", operand("KnowsCreation", "true"), "walk TestUpsert"},
	{"a parser is not given empty content", "parseBy", first("if len($recv.Content()) == 0 { return nil, $recv.Words.Refuse(400, `empty`) }"), "exchange TestContent$"},
	{"an empty form cannot be read", "parseForm", first("if len($1) == 0 { return $recv.Words.Refuse(400, `empty`) }"), "exchange TestContent$"},
	{"an unknown path has a pattern", "newPath", operand("unknown", "true"), "restmachine TestPatterns"},
	{"a line of the log does not have its context", "Exchange.Tell", arg("Log", 1, "context.Background()"), "exchange TestLinesHaveTheContext"},

	{"who listens says so before the port is bound", "ListenAndServe", before("Listen",
		"$recv.options.machine.Logger.InfoContext($1, `restmachine: listening`, `address`, $2)"), "restmachine TestListenReportsItsAddress"},

	// Files.
	{"a folder without its slash is a page", "Site.Open", call("Moved", "exchange.ErrNotFound"), "restmachine TestFoldersWithoutTheirSlash"},
	{"a folder is not shown as its index", "Site.find", arg("Join", 2, "`none`"), "restmachine TestGeneratedSite"},
	{"a file with a date goes by its date alone", "Site.tagged", call("ofDateAndSize", "conditional.ETag(``)"), "restmachine TestARolledBackRelease"},
}
