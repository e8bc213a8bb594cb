package dashboard

import (
	"maps"
	"net/url"
)

// Links lead from one page to another one, of which all stand side by side: they
// are right under any prefix. IDs are in the query, where any text can be.

func jobLink(store, id string) string { return link("job", "store", store, "id", id) }

// link returns a link to a page with these parameters; empty ones are left out.
func link(page string, parameters ...string) string {
	return with(page, nil, parameters...)
}

// with returns a link to a page with the parameters of a query, except that these
// are set, or taken away if they are empty.
func with(page string, query url.Values, parameters ...string) string {
	query = maps.Clone(query)
	if query == nil {
		query = url.Values{}
	}
	for i := 0; i+1 < len(parameters); i += 2 {
		if parameters[i+1] == "" {
			query.Del(parameters[i])
		} else {
			query.Set(parameters[i], parameters[i+1])
		}
	}
	if len(query) == 0 {
		return page
	}
	return page + "?" + query.Encode()
}
