// Package negotiate chooses a representation: the fields of a request and the offers of a
// resource come in, the index of the best offer goes out. This is proactive negotiation
// (RFC 9110, 12.1) by Accept, Accept-Charset, Accept-Encoding and Accept-Language.
//
// Every function takes all lines of one field, in the order received, and the offers in
// the service's order of preference. It returns the index of the chosen offer. If no
// offer is acceptable, it returns -1 and false.
//
// A mistake of a client does not cost it the representation. A member that cannot be read
// is ignored. A field without a readable member counts as absent. Only the first 100
// members of a field count, so the cost of a field is linear in its length.
//
// All functions are pure and safe for concurrent use.
package negotiate
