package dashboard

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/stores/memory"
)

// hostile are IDs, names and aliases that could break something.
var hostile = []string{
	`a/b`, `/`, `//evil.example/`, `..`, `.`, `../jobs`, `a?b=c&d`, `#top`, `100%`, `%2F`, `%zz`, `a+b c`, ` `, "\t\n",
	`"quoted"`, `'single'`, "`back`", `<script>alert(1)</script>`, `</title><img src=x onerror=alert(1)>`, `<!--`, `]]>`,
	`javascript:alert(1)`, `data:text/html,x`, `{{.}}`, `&lt;&#39;`, "\u202egnp.exe", "🔔", "é\u0301", "\\", "a\\\"b",
	strings.Repeat("long", 256), `jobs`, `job.json`, `do`,
}

// TestHostile gives jobs, and a store, such names, and follows the links from the
// list to the pages and JSON of each, wherever the dashboard is mounted.
func TestHostile(t *testing.T) {
	const store = `</script>"/?%`
	r := newRig(t, carillon.Config{Stores: carillon.Stores{store: memory.Open()}}, Config{MayChange: func(*http.Request) bool { return true }})
	for _, text := range hostile {
		r.add(r.Every(time.Hour, nothing, carillon.Job{ID: text, Name: text + "!", Store: store, Executor: text}))
	}
	r.start()
	r.pass(time.Hour)
	dashboard := New(r.Scheduler, Config{MayChange: func(*http.Request) bool { return true }})
	for prefix, handler := range map[string]http.Handler{
		"/":         dashboard,
		"/a/b/":     dashboard,
		"/b/c/":     http.StripPrefix("/b/c", dashboard),
		"/c/d/":     http.StripPrefix("/c/d/", dashboard),
		"/job/do/":  dashboard,
		"/x.json/.": dashboard, // a path whose last element is not empty
	} {
		mux := http.NewServeMux()
		mux.Handle(strings.TrimSuffix(prefix, "."), handler)
		r.Handler = mux
		base := &url.URL{Path: strings.TrimSuffix(prefix, ".") + "jobs"}
		list := r.visit(base, "jobs?store="+url.QueryEscape(store))
		found := links(t, list, "job")
		if len(found) != len(hostile) {
			t.Fatalf("under %s %d jobs have links, want %d", prefix, len(found), len(hostile))
		}
		var ids []string
		for _, link := range found {
			u, err := url.Parse(link)
			r.must(err)
			id := u.Query().Get("id")
			ids = append(ids, id)
			page := r.visit(base, link)
			harmless(t, id, page)
			if headline := heading(t, page); headline != strings.Join(strings.Fields(id), " ") {
				t.Errorf("under %s the page of %q is headed %q", prefix, id, headline)
			}
			for _, more := range slices.Concat(links(t, page, "history"), links(t, page, "job.json")) {
				harmless(t, id, r.visit(base, more))
			}
		}
		slices.Sort(ids)
		want := slices.Sorted(slices.Values(hostile))
		if !slices.Equal(ids, want) {
			t.Errorf("under %s the links lead to %q, want %q", prefix, ids, want)
		}
	}
}

// TestHostileQuery gives parameters such values.
func TestHostileQuery(t *testing.T) {
	r := world(t, Config{Title: `<script>alert(1)</script>"`})
	for _, text := range hostile {
		for _, page := range []string{"", "jobs", "job", "history", "runs", "nothing"} {
			query := url.Values{}
			for _, name := range []string{"store", "id", "prefix", "name", "state", "after", "before", "outcome", "at", "refresh", "done"} {
				query.Set(name, text)
			}
			harmless(t, text, r.get(page+"?"+query.Encode()).Body.String())
			query.Del("store")
			harmless(t, text, r.get(page+"?"+query.Encode()).Body.String())
		}
	}
}

// visit follows a link from a page.
func (r *rig) visit(base *url.URL, link string) string {
	r.t.Helper()
	to, err := base.Parse(link)
	r.must(err)
	answer := r.send(httptest.NewRequest("GET", to.String(), nil))
	if answer.Code != http.StatusOK {
		r.t.Errorf("%s leads to %s: %d", link, to, answer.Code)
	}
	return answer.Body.String()
}

// harmless checks that a page has no elements but those of the templates.
func harmless(t *testing.T, id, page string) {
	t.Helper()
	if strings.HasPrefix(page, "{") { // JSON
		if strings.ContainsAny(page, "<>") {
			t.Errorf("the JSON of %q has markup:\n%s", id, page)
		}
		return
	}
	for _, e := range elements(t, page) {
		if e.name == "script" || e.name == "img" || e.attributes["onerror"] != "" {
			t.Errorf("the page of %q has <%s>", id, e.name)
		}
		for _, link := range []string{e.attributes["href"], e.attributes["src"], e.attributes["action"]} {
			if u, err := url.Parse(link); err != nil || u.IsAbs() || u.Host != "" || strings.HasPrefix(u.Path, "/") {
				t.Errorf("the page of %q leads to %q", id, link)
			}
		}
	}
}

// heading returns the text of the main heading.
func heading(t *testing.T, page string) string {
	t.Helper()
	_, rest, _ := strings.Cut(page, "<h1")
	inside, _, _ := strings.Cut(rest, "</h1>")
	return visible(t, "<h1"+inside+"</h1>")
}
