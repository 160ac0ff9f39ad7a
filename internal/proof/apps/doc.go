// Command apps makes random whole Apps, plays random requests to them, and holds every
// answer to laws that do not know the library.
//
// An App is made through the public API alone: loads of every form, nested resources,
// views, lists, text, bytes and files; entity-tags and dates of every form; negotiation,
// gates and Groups. All its facts are honest: they take what the content shows. Behind it
// is a store in memory that this command keeps itself, with a revision for each record.
// Between any two callbacks of a request another process may write to that store: the
// seed says when. So everything runs in one goroutine, and a run can be played again.
//
// These laws are held after each answer:
//
//   - One strong entity-tag at one URI stands for the same bytes for ever, and a weak one
//     for one state (RFC 9110, 8.8.1).
//   - A 304 is sent only if what the client has was current at a moment of the request.
//   - A guarded write is acknowledged only if its tag or date was current, and nobody
//     wrote to the record since. A write that is refused has changed nothing.
//   - A part that If-Range guards belongs to the content that the client has.
//   - There is a 5xx only where a gate asks for it.
//   - A HEAD has the fields of the GET.
//   - Vary names what the client sent to get other content.
//   - No request passes a gate that refuses it.
//
// The command prints figures, and exits with status 1 at the first answer that breaks a
// law. It then prints the App as registrations, and the requests that lead there, without
// those that do not matter:
//
//	go run ./internal/proof/apps -apps 10000 -requests 1000000
//	go run ./internal/proof/apps -seed 7 -app 123
package main
