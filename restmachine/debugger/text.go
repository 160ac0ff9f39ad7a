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
		case r == '\n' || unicode.IsPrint(r):
			b.WriteRune(r)
		default:
			b.WriteString(strings.Trim(strconv.QuoteRune(r), "'"))
		}
	}
	return b.String()
}

// cell returns text for a column, without tabs and line breaks.
func cell(text string) string { return printable(strings.ReplaceAll(text, "\n", `\n`)) }

func listText(l listing) string {
	return aligned(func(w *tabwriter.Writer) {
		fmt.Fprintf(w, "ID\tTIME\tSTATUS\tMETHOD\tTARGET\tROUTE\tTOOK\tLAST\tWHY\n")
		for _, e := range l.Exchanges {
			fmt.Fprintf(w, "%d\t%s\t%d\t%s\t%s\t%s\t%s\t%s\t%s\n", e.ID, e.Started.Format("15:04:05.000"), e.Status,
				cell(e.Method), cell(e.Target), cell(e.Route), rough(e.Took), e.Last, cell(e.Why))
		}
	})
}

func exchangeText(r *record) string {
	var b strings.Builder
	fmt.Fprintf(&b, "exchange %d, %s, in %s, on %s\n\n", r.ID, r.Started.Format("2006-01-02 15:04:05.000"), rough(r.Took), cmp.Or(r.Route, "an unknown path"))
	fmt.Fprintf(&b, "%s %s\n", cell(r.Method), cell(r.Target))
	r.Request.writeTo(&b)
	fmt.Fprintf(&b, "\n%d\n", r.Status)
	r.Response.writeTo(&b)
	if r.Error != "" {
		fmt.Fprintf(&b, "\nended by: %s\n", r.Error)
	}
	b.WriteString("\n" + aligned(func(w *tabwriter.Writer) {
		for _, v := range r.Trace.Visits {
			why, took := v.Why, rough(v.Took)
			if v.Folded {
				why, took = "settled", ""
			}
			fmt.Fprintf(w, "%v\t%s\t%v\t%s\t%s\t%s\n", v.ID, v.Label, v.Answer, took, cell(why), cell(v.Callback))
		}
	}))
	fmt.Fprintf(&b, "%d\n", r.Trace.Status)
	return b.String()
}

func (m message) writeTo(b *strings.Builder) {
	for _, line := range fieldLines(m.Header) {
		b.WriteString(cell(line) + "\n")
	}
	switch {
	case m.Redacted:
		fmt.Fprintf(b, "\n[%d bytes of content, redacted]\n", m.Size)
	case m.Size > 0:
		fmt.Fprintf(b, "\n%s\n", m.Content)
		if more := m.Size - int64(len(m.Content)); more > 0 {
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
