// This file names the places that the table [HTTP] uses. Each place is written once,
// as its coordinates. A test checks that each name says what its coordinates say.

package decision

const (
	colB ID = 'B' << colBits
	colC ID = 'C' << colBits
	colD ID = 'D' << colBits
	colE ID = 'E' << colBits
	colF ID = 'F' << colBits
	colG ID = 'G' << colBits
	colH ID = 'H' << colBits
	colI ID = 'I' << colBits
	colJ ID = 'J' << colBits
	colK ID = 'K' << colBits
	colL ID = 'L' << colBits
	colM ID = 'M' << colBits
	colN ID = 'N' << colBits
	colO ID = 'O' << colBits
	colP ID = 'P' << colBits
)

// The places of [HTTP], by column. A question that webmachine also asks has
// webmachine's place.
const (
	B3  = colB + 3<<rowBits
	B4  = colB + 4<<rowBits
	B5  = colB + 5<<rowBits
	B6  = colB + 6<<rowBits
	B7  = colB + 7<<rowBits
	B8  = colB + 8<<rowBits
	B9  = colB + 9<<rowBits
	B10 = colB + 10<<rowBits
	B11 = colB + 11<<rowBits
	B12 = colB + 12<<rowBits
	B13 = colB + 13<<rowBits

	C3 = colC + 3<<rowBits
	C4 = colC + 4<<rowBits

	D4 = colD + 4<<rowBits
	D5 = colD + 5<<rowBits

	E5 = colE + 5<<rowBits
	E6 = colE + 6<<rowBits

	F6 = colF + 6<<rowBits
	F7 = colF + 7<<rowBits

	G5   = colG + 5<<rowBits
	G6   = colG + 6<<rowBits
	G7   = colG + 7<<rowBits
	G7a  = colG + 7<<rowBits + 1
	G7b  = colG + 7<<rowBits + 2
	G7c  = colG + 7<<rowBits + 3
	G7d  = colG + 7<<rowBits + 4
	G8   = colG + 8<<rowBits
	G9   = colG + 9<<rowBits
	G10  = colG + 10<<rowBits
	G10b = colG + 10<<rowBits + 2
	G11  = colG + 11<<rowBits

	H6  = colH + 6<<rowBits
	H7  = colH + 7<<rowBits
	H8  = colH + 8<<rowBits
	H9  = colH + 9<<rowBits
	H10 = colH + 10<<rowBits
	H11 = colH + 11<<rowBits
	H12 = colH + 12<<rowBits

	I4  = colI + 4<<rowBits
	I7  = colI + 7<<rowBits
	I12 = colI + 12<<rowBits
	I13 = colI + 13<<rowBits

	J13  = colJ + 13<<rowBits
	J13b = colJ + 13<<rowBits + 2
	J18  = colJ + 18<<rowBits
	J19  = colJ + 19<<rowBits

	K5  = colK + 5<<rowBits
	K7  = colK + 7<<rowBits
	K13 = colK + 13<<rowBits

	L5  = colL + 5<<rowBits
	L7  = colL + 7<<rowBits
	L13 = colL + 13<<rowBits
	L14 = colL + 14<<rowBits
	L17 = colL + 17<<rowBits

	M5   = colM + 5<<rowBits
	M7   = colM + 7<<rowBits
	M16  = colM + 16<<rowBits
	M20  = colM + 20<<rowBits
	M20b = colM + 20<<rowBits + 2

	N5  = colN + 5<<rowBits
	N11 = colN + 11<<rowBits
	N16 = colN + 16<<rowBits

	O14 = colO + 14<<rowBits
	O15 = colO + 15<<rowBits
	O16 = colO + 16<<rowBits
	O17 = colO + 17<<rowBits
	O18 = colO + 18<<rowBits
	O19 = colO + 19<<rowBits
	O20 = colO + 20<<rowBits

	P2  = colP + 2<<rowBits
	P3  = colP + 3<<rowBits
	P4  = colP + 4<<rowBits
	P11 = colP + 11<<rowBits
	P12 = colP + 12<<rowBits
	P19 = colP + 19<<rowBits
	P20 = colP + 20<<rowBits
	P21 = colP + 21<<rowBits
)
