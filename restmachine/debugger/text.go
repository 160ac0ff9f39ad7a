// This file writes pages as plain text, for curl. The data of a page comes in, text goes
// out.

package debugger

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"text/tabwriter"
	"unicode"
	"unicode/utf8"

	"github.com/restmachine/restmachine-go/decision"
)

// aligned returns what write writes, with its cells in columns.
func aligned(write func(w *tabwriter.Writer)) string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	write(w)
	_ = w.Flush()
	lines := strings.Split(b.String(), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " ")
	}
	return strings.Join(lines, "\n")
}

// printable escapes every character that a terminal would interpret, or that would hide
// what the text says.
func printable(text string) string {
	var b strings.Builder
	for i, r := range text {
		_, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, text[i])
		case r == '\n' || r == '\t' || unicode.IsPrint(r):
			b.WriteRune(r)
		default:
			b.WriteString(strings.Trim(strconv.QuoteRune(r), "'"))
		}
	}
	return b.String()
}

// cell returns text for a column, without tabs and line breaks.
func cell(text string) string {
	return printable(strings.NewReplacer("\n", `\n`, "\t", `\t`).Replace(text))
}

func listText(l listing) string {
	return aligned(func(w *tabwriter.Writer) {
		fmt.Fprintf(w, "ID\tTIME\tSTATUS\tMETHOD\tTARGET\tROUTE\tTOOK\tLAST\tWHY\n")
		for _, e := range l.Exchanges {
			why := cell(e.Why)
			if e.Warned > 0 {
				why = strings.TrimPrefix(why+fmt.Sprintf("; %d warnings", e.Warned), "; ")
			}
			fmt.Fprintf(w, "%d\t%s\t%d\t%s\t%s\t%s\t%s\t%s\t%s\n", e.ID, e.Started.Format("15:04:05.000"), e.Status,
				cell(e.Method), cell(e.Target), cell(e.Route), rough(e.Took), e.Last, why)
		}
	})
}

func exchangeText(v view) string {
	var b strings.Builder
	r := v.record
	fmt.Fprintf(&b, "exchange %d, %s, in %s, on %s\n\n", r.ID, r.Started.Format("2006-01-02 15:04:05.000"), rough(r.Took), cmp.Or(r.Route, "an unknown path"))
	fmt.Fprintf(&b, "%s %s\n", cell(r.Method), cell(r.Target))
	r.Request.writeTo(&b)
	fmt.Fprintf(&b, "\n%d\n", r.Status)
	r.Response.writeTo(&b)
	if r.Error != "" {
		fmt.Fprintf(&b, "\nended by: %s\n", r.Error)
	}
	for _, w := range r.Warnings {
		fmt.Fprintf(&b, "\nwarning: %s: %s\n", w.Name, w.Text)
	}
	b.WriteString("\n" + aligned(func(w *tabwriter.Writer) { writeVisits(w, r.Trace.Visits) }))
	fmt.Fprintf(&b, "%d\n\n", r.Trace.Status)
	for _, note := range v.Replay.Notes {
		b.WriteString("# " + cell(note) + "\n")
	}
	b.WriteString(v.Replay.Curl + "\n\n" + v.Replay.Go + "\n")
	return b.String()
}

func writeVisits(w *tabwriter.Writer, visits []decision.Visit) {
	for _, v := range visits {
		why, took := v.Why, rough(v.Took)
		if v.Folded {
			why, took = strings.TrimSuffix("settled: "+why, ": "), ""
		}
		fmt.Fprintf(w, "%v\t%s\t%v\t%s\t%s\t%s\n", v.ID, v.Label, v.Answer, took, cell(why), cell(v.Callback))
	}
}

func (m message) writeTo(b *strings.Builder) {
	for _, line := range fieldLines(m.Header) {
		b.WriteString(cell(line) + "\n")
	}
	switch {
	case m.Redacted:
		fmt.Fprintf(b, "\n[%d bytes of content, redacted]\n", m.Size)
	case m.Coded:
		fmt.Fprintf(b, "\n[%d bytes of content with a Content-Encoding, redacted]\n", m.Size)
	case m.Size > 0:
		fmt.Fprintf(b, "\n%s\n", m.shown())
		if more := m.Size - maxKept; more > 0 {
			fmt.Fprintf(b, "[and %d bytes more]\n", more)
		}
	}
}

func routesText(l routeList) string {
	table := aligned(func(w *tabwriter.Writer) {
		fmt.Fprintf(w, "PATH\tMETHOD\tASKED\tSTATUSES\n")
		for _, r := range l.Routes {
			fmt.Fprintf(w, "%s\t%s\t%d\t%s\n", r.Path, cmp.Or(r.Method, "other"), r.Asked, strings.Trim(fmt.Sprint(r.Statuses), "[]"))
		}
	})
	return table + "\n" + strings.Join(l.Facts, "\n")
}

func graphText(v drawn) string {
	return aligned(func(w *tabwriter.Writer) {
		for _, r := range v.Rows {
			fmt.Fprintf(w, "%v\t%s\tyes %v\tno %v\n", r.ID, r.Label, r.Yes, r.No)
		}
	})
}

func findText(v search) string {
	if len(v.Way) == 0 {
		return nowhere(v) + "\n"
	}
	return aligned(func(w *tabwriter.Writer) {
		for _, s := range v.Way {
			fmt.Fprintf(w, "%v\t%s\t%v\t%s\n", s.ID, s.Label, s.Answer, s.How)
		}
		fmt.Fprintf(w, "%v\n", v.Status)
	}) + "\nIt is decided at " + strings.Trim(fmt.Sprint(v.Ends), "[]") + ": ask with &at=\n"
}

// nowhere says that no edge leads to the requested status.
func nowhere(v search) string {
	return fmt.Sprintf("No edge in the graph of this route leads to %v. Only a callback that fails, or a Reply, can answer with it.", v.Status)
}

func coverageText(v coverageView) string {
	head := fmt.Sprintf("%d exchanges walked %d of the %d edges that can be walked\n\n", v.Exchanges, v.Walked, v.Possible)
	return head + aligned(func(w *tabwriter.Writer) {
		fmt.Fprintf(w, "FROM\t\tANSWER\tTO\tASKED\tSETTLED\t\n")
		for _, e := range v.Edges {
			gap := ""
			if e.Open && e.Asked == 0 {
				gap = "not walked yet"
			}
			fmt.Fprintf(w, "%v\t%s\t%v\t%v\t%d\t%d\t%s\n", e.From, e.Label, e.Answer, e.To, e.Asked, e.Settled, gap)
		}
	})
}

func diffText(c comparison) string {
	var b strings.Builder
	for _, e := range []summary{c.A, c.B} {
		fmt.Fprintf(&b, "exchange %d: %d %s %s\n", e.ID, e.Status, cell(e.Method), cell(e.Target))
	}
	b.WriteString("\n" + c.parted() + "\n")
	b.WriteString(aligned(func(w *tabwriter.Writer) {
		if p := c.Parting; p != nil {
			for _, side := range []struct {
				id uint64
				v  *decision.Visit
			}{{c.A.ID, p.A}, {c.B.ID, p.B}} {
				if side.v == nil {
					fmt.Fprintf(w, "%d\thad ended\n", side.id)
				} else {
					fmt.Fprintf(w, "%d\t%v\t%s\n", side.id, side.v.Answer, cell(side.v.Why))
				}
			}
		}
	}))
	if len(c.Reasons) > 0 {
		b.WriteString("\nThe same answers, for other reasons:\n")
		for _, r := range c.Reasons {
			fmt.Fprintf(&b, "%v: %s | %s\n", r.ID, cell(r.A), cell(r.B))
		}
	}
	for _, part := range c.Parts() {
		b.WriteString("\n" + aligned(func(w *tabwriter.Writer) {
			fmt.Fprintf(w, "%s\t%d\t%d\n", strings.ToUpper(part.Title), c.A.ID, c.B.ID)
			for _, d := range part.All {
				if d.Unknown {
					fmt.Fprintf(w, "%s\tboth are redacted, so nobody knows\n", cell(d.Name))
				} else {
					fmt.Fprintf(w, "%s\t%s\t%s\n", cell(d.Name), cell(linesOf(d.A)), cell(linesOf(d.B)))
				}
			}
		}))
	}
	return b.String()
}

// parted says in a sentence where the two exchanges part.
func (c comparison) parted() string {
	if c.Parting == nil {
		return fmt.Sprintf("Both went the same way of %d decisions.", c.Shared)
	}
	return fmt.Sprintf("They part at %v, %s", c.Parting.ID, c.Parting.Label)
}

// linesOf returns the lines of a field on one line.
func linesOf(lines []string) string {
	if len(lines) == 0 {
		return "absent"
	}
	return strings.Join(lines, " | ")
}

func locksText(l lockList) string {
	if len(l.Locks) == 0 {
		return "No lock is held.\n"
	}
	return aligned(func(w *tabwriter.Writer) {
		fmt.Fprintf(w, "KEY\tDEPTH\t\tMETHOD\tPATH\tROUTE\tFOR AT LEAST\n")
		for _, one := range l.Locks {
			line := func(what string, s stay) {
				fmt.Fprintf(w, "%s\t%d\t%s\t%s\t%s\t%s\t%s\n", cell(one.Key), one.Depth, what, cell(s.Method), cell(s.Path), cell(s.Route), rough(s.For))
			}
			line("held by", one.Holder)
			for _, s := range one.Waiters {
				line("awaited by", s)
			}
		}
	})
}
