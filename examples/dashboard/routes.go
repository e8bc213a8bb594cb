package main

import (
	"crypto/subtle"
	"net/http"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/dashboard"
)

// routes mounts the dashboard behind a password: by itself, it asks nobody for one.
func routes(s *carillon.Scheduler, password string) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/carillon/", signedIn(password, dashboard.New(s, dashboard.Config{
		Title:     "Example",
		MayChange: isAdmin,
	})))
	return mux
}

// signedIn lets those through who know the password. On a network it needs TLS.
func signedIn(password string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, given, ok := r.BasicAuth()
		known := user == "viewer" || user == "admin"
		if !ok || !known || subtle.ConstantTimeCompare([]byte(given), []byte(password)) == 0 {
			w.Header().Set("WWW-Authenticate", `Basic realm="carillon"`)
			http.Error(w, "sign in", http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// isAdmin is asked about requests that signedIn has let through.
func isAdmin(r *http.Request) bool {
	user, _, _ := r.BasicAuth()
	return user == "admin"
}
