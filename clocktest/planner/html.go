package planner

import (
	_ "embed"
	"html/template"
	"io"
)

var (
	//go:embed page.html
	pageText string

	//go:embed style.css
	style string

	page = template.Must(template.New("page.html").Parse(pageText))
)

// WriteHTML writes the report as a page that needs nothing else: a picture with
// a row for each job and a curve for each executor, which says more where it is
// pointed at, and the tables of [Report.WriteText]. It follows the reader's
// choice of light or dark. A job with very many runs is drawn as a strip of
// cells, so that a page of 50 jobs stays below two megabytes.
func (r *Report) WriteHTML(w io.Writer) error {
	return page.Execute(w, map[string]any{
		"Title":   r.title(),
		"Period":  r.period(),
		"Report":  r,
		"Style":   template.CSS(style),
		"Picture": template.HTML(r.picture()), // which escapes what comes from the user
		"Tables":  tables(r.sections()),
	})
}

// table is a section with the classes of its cells, which style.css knows.
type table struct {
	Title  string
	Header []tableCell
	Rows   [][]tableCell
}

type tableCell struct{ Class, Text string }

func tables(sections []section) (tables []table) {
	for _, s := range sections {
		_, numeric := s.columns()
		classified := func(cells []string) []tableCell {
			row := make([]tableCell, len(cells))
			for i, text := range cells {
				row[i] = tableCell{classOf(text, numeric[i]), text}
			}
			return row
		}
		t := table{Title: s.title, Header: classified(s.header)}
		for _, cells := range s.rows {
			t.Rows = append(t.Rows, classified(cells))
		}
		tables = append(tables, t)
	}
	return tables
}

func classOf(text string, numeric bool) string {
	const long = 48
	switch {
	case numeric && text == "0":
		return "number zero"
	case numeric:
		return "number"
	case len(text) > long:
		return "long"
	}
	return ""
}
