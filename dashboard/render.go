package dashboard

import (
	"bytes"
	"embed"
	"encoding/json"
	"html/template"
	"net/http"
	"net/url"
)

//go:embed templates
var sources embed.FS

var templates = template.Must(template.New("").Funcs(template.FuncMap{
	"file":    fileLink,
	"link":    link,
	"jobLink": jobLink,
	"args":    func(list ...string) []string { return list },
	"either":  either,
}).ParseFS(sources, "templates/*.html"))

// answer writes a page.
func (v *visit) answer(w http.ResponseWriter, page any, asJSON bool) {
	if asJSON {
		writeJSON(w, v.status, page)
		return
	}
	writePage(w, v.status, v.frame.Page, page)
}

// problem is a page that says only what is wrong.
type problem struct {
	frame
	Error string `json:"error"`
}

func (h *handler) refuse(w http.ResponseWriter, r *http.Request, asJSON bool, status int, text string) {
	if asJSON {
		writeJSON(w, status, map[string]string{"error": text})
		return
	}
	writePage(w, status, "problem", problem{h.visit(r, "problem").frame, text})
}

// writePage makes the whole page before it writes any of it: half a page is none.
func writePage(w http.ResponseWriter, status int, name string, page any) {
	var text bytes.Buffer
	if err := templates.ExecuteTemplate(&text, name+".html", page); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	write(w, status, "text/html; charset=utf-8", text.Bytes())
}

func writeJSON(w http.ResponseWriter, status int, page any) {
	text, err := json.MarshalIndent(page, "", "  ")
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	write(w, status, "application/json", append(text, '\n'))
}

func write(w http.ResponseWriter, status int, mime string, text []byte) {
	w.Header().Set("Content-Type", mime)
	w.WriteHeader(status)
	_, _ = w.Write(text) // the client may be gone
}

// refreshes are how often a page can be read anew, in seconds.
var refreshes = []string{"5", "30"}

// Refresh returns after how many seconds the page is read anew. Empty: never.
func (f frame) Refresh() string {
	for _, s := range refreshes {
		if f.Query.Get("refresh") == s {
			return s
		}
	}
	return ""
}

// Refreshes returns how often the page can be read anew.
func (f frame) Refreshes() []string { return refreshes }

// self returns the page's name in links.
func (f frame) self() string {
	if f.Page == "overview" {
		return "./"
	}
	return f.Page
}

// Here returns a link to the page as it is, except for some parameters. Neither
// what was done just now nor how often it is read anew stays.
func (f frame) Here(parameters ...string) string {
	return with(f.self(), f.clean(), parameters...)
}

// JSON returns the link to the page as JSON.
func (f frame) JSON() string { return with(f.Page+".json", f.clean()) }

func (f frame) clean() url.Values {
	query := url.Values{}
	for name, values := range f.Query {
		if name != "done" && name != "refresh" {
			query[name] = values
		}
	}
	return query
}

// Notice returns what was done just now.
func (f frame) Notice() string { return notices[f.Query.Get("done")] }

func either(first bool, a, b string) string {
	if first {
		return a
	}
	return b
}
