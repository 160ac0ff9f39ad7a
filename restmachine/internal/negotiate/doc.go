// Package negotiate chooses a representation from what a request asks for and
// what a resource offers: proactive negotiation (RFC 9110, 12.1) over Accept,
// Accept-Charset, Accept-Encoding and Accept-Language.
//
// Every function takes all lines of one field, in the order received, and the
// offers in the service's order of preference. It returns the index of the
// chosen offer, or -1 and false where nothing offered is acceptable.
//
// A client's mistake never costs it a representation: a member that cannot be
// read is ignored, and a field with no readable member counts as absent. Only
// the first 100 members of a field count, so that the cost of a field is linear
// in its length whatever it says.
//
// All functions are pure and safe for concurrent use.
package negotiate
