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
		"Title":    r.title(),
		"Period":   r.period(),
		"Report":   r,
		"Style":    template.CSS(style),
		"Picture":  template.HTML(r.picture()), // escapes what comes from the user
		"Sections": r.sections(),
	})
}

// Class returns the classes of a cell of a column, for style.css.
func (s section) Class(column int, cell string) string {
	const long = 48
	_, numeric := s.columns()
	switch {
	case numeric[column] && cell == "0":
		return "number zero"
	case numeric[column]:
		return "number"
	case len(cell) > long:
		return "long"
	}
	return ""
}
