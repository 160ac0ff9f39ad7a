// This file holds the whole graph on one page. It is data: programs, traces and
// drawings are all made from it. doc.go explains how to read it.

package decision

// Start is the row at which a request enters [HTTP].
const Start = B13

// HTTP decides the status of an answer. It must not be changed. The section numbers
// are those of RFC 9110.
var HTTP = Graph{
	//   yes  no   question? or act!

	// System and request checks.
	B13: {B12, 503, "Available?"},                 // 15.6.4
	B12: {B11, 501, "Known method?"},              // 15.6.2
	B11: {414, B10, "URI too long?"},              // 15.5.15
	B10: {B9, 405, "Method allowed?"},             // 15.5.6
	B9:  {400, B3, "Malformed?"},                  // 15.5.1
	B3:  {200, B8, "OPTIONS of a known path?"},    // 9.3.7; a preflight is never 401
	B8:  {B7, 401, "Authorized?"},                 // 15.5.2
	B7:  {403, B6, "Forbidden?"},                  // 15.5.4
	B6:  {B5, 501, "Content-* fields supported?"}, // 15.6.2
	B5:  {B4, 415, "Content type accepted?"},      // 15.5.16
	B4:  {C3, 413, "Content length accepted?"},    // 15.5.14

	// Proactive negotiation.
	C3: {C4, D4, "Accept?"},              // 12.5.1
	C4: {D4, 406, "Media type offered?"}, // 15.5.7
	D4: {D5, E5, "Accept-Language?"},     // 12.5.4
	D5: {E5, 406, "Language offered?"},   // 15.5.7
	E5: {E6, F6, "Accept-Charset?"},      // 12.5.2
	E6: {F6, 406, "Charset offered?"},    // 15.5.7
	F6: {F7, G5, "Accept-Encoding?"},     // 12.5.3
	F7: {G5, 406, "Coding offered?"},     // 15.5.7

	// The target resource.
	G5:  {G6, 413, "Read content!"},                     // 15.5.14; before G6, because a slow client must not hold the lock
	G6:  {G7, 503, "Lock!"},                             // 15.6.4; the check and the write are one, 13.1.1
	G7:  {G7a, I7, "Exists?"},                           // 15.5.5
	G7a: {403, G7b, "Forbidden once loaded?"},           // 15.5.4
	G7b: {G7c, I7, "Represent!"},                        // 8.8; where only a GET knows the validators
	G7c: {300, G7d, "GET or HEAD of multiple choices?"}, // 15.4.1; before preconditions, 13.2.1
	G7d: {428, G8, "Required precondition missing?"},    // RFC 6585, 3

	// Preconditions on a current representation.
	G8:   {G9, H10, "If-Match?"},                            // 13.1.1
	G9:   {I12, G10, "If-Match: *?"},                        // 13.1.1; If-Unmodified-Since ignored, 13.1.4
	G10:  {G11, G10b, "If-Match readable?"},                 // 13.1.1
	G10b: {412, 400, "GET or HEAD?"},                        // 15.5.1
	G11:  {I12, 412, "Entity-tag matches?"},                 // 13.1.1; strong comparison
	H10:  {H11, I12, "If-Unmodified-Since?"},                // 13.1.4
	H11:  {H12, I12, "HTTP-date, and Last-Modified known?"}, // 13.1.4
	H12:  {412, I12, "Modified after that date?"},           // 13.1.4
	I12:  {I13, L13, "If-None-Match?"},                      // 13.1.2
	I13:  {J18, J13, "If-None-Match: *?"},                   // 13.1.2
	J13:  {K13, J13b, "If-None-Match readable?"},            // 13.1.2
	J13b: {M16, 400, "GET or HEAD?"},                        // 15.5.1
	K13:  {J18, M16, "Entity-tag matches?"},                 // 13.1.2; weak; If-Modified-Since ignored, 13.1.3
	J18:  {J19, 412, "GET or HEAD?"},                        // 13.1.2
	J19:  {M16, 304, "If-Modified-Since disagrees?"},        // 13.2.2 settles no; combined precedence asks
	L13:  {L14, M16, "GET or HEAD with If-Modified-Since?"}, // 13.1.3
	L14:  {L17, M16, "HTTP-date, and Last-Modified known?"}, // 13.1.3
	L17:  {M16, 304, "Modified after that date?"},           // 13.1.3

	// No current representation.
	I7: {I4, K7, "PUT or PATCH that can create?"},   // 9.3.4; RFC 5789, 2
	I4: {301, H6, "Moved permanently?"},             // 15.4.2
	K7: {K5, L7, "Previously existed?"},             // 15.5.11
	K5: {301, L5, "Moved permanently?"},             // 15.4.2
	L5: {307, M5, "Moved temporarily?"},             // 15.4.8
	L7: {M7, 404, "POST?"},                          // 15.5.5
	M5: {N5, 410, "POST?"},                          // 15.5.11
	M7: {H6, 404, "POST to missing allowed?"},       // 9.3.3
	N5: {H6, 410, "POST to gone allowed?"},          // 9.3.3
	H6: {403, H7, "Forbidden to create?"},           // 15.5.4
	H7: {412, H8, "If-Match?"},                      // 13.1.1; no match, readable or not
	H8: {H9, 400, "If-None-Match readable?"},        // 13.1.2; then it holds, * too
	H9: {N11, P2, "POST?"},                          // 9.3.3
	P2: {428, P3, "Required precondition missing?"}, // RFC 6585, 3
	P3: {409, P4, "Conflict?"},                      // 15.5.10
	P4: {P12, 500, "Create!"},                       // 9.3.4

	// The method.
	M16:  {M20, N16, "DELETE?"},               // 9.3.5
	M20:  {M20b, 500, "Delete!"},              // 9.3.5
	M20b: {O20, 202, "Deletion completed?"},   // 15.3.3
	N16:  {N11, O16, "POST?"},                 // 9.3.3
	N11:  {P11, 500, "Process!"},              // 9.3.3
	P11:  {P12, O20, "New resource?"},         // 15.3.2
	O16:  {O14, O17, "PUT?"},                  // 9.3.4
	O17:  {O14, O18, "PATCH or other write?"}, // RFC 5789, 2; PURGE, LOCK
	O14:  {409, O15, "Conflict?"},             // 15.5.10
	O15:  {O20, 500, "Write!"},                // 9.3.4; RFC 5789, 2
	O18:  {O20, 500, "Represent!"},            // 9.3.1

	// The content of the answer.
	P12: {201, 500, "Render!"},                     // 15.3.2
	O20: {O19, 204, "Content to send?"},            // 15.3.5
	O19: {P19, 500, "Render!"},                     // 6.4
	P19: {P20, 200, "GET with a usable Range?"},    // 14.2; GET alone, and what cannot be used is ignored
	P20: {P21, 200, "If-Range absent or matched?"}, // 13.1.5; strong comparison
	P21: {206, 416, "Range satisfiable?"},          // 15.3.7, 15.5.17
}
