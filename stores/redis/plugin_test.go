package redis_test

import (
	"strings"
	"testing"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/internal/testserver"
	"github.com/carillon-go/carillon/stores/redis"
)

var plugins = carillon.Plugins{Stores: carillon.StorePlugins{"redis": redis.Plugin}}

// The plugin opens the store that its settings describe.
func TestPlugin(t *testing.T) {
	db := testserver.Redis(t)
	open, err := plugins.Store("redis", map[string]any{
		"url": db.DSN, "prefix": "mine", "history_age": "1h", "history_count": "-1",
	})
	if err != nil {
		t.Fatal(err)
	}
	s, err := open(t.Context(), env)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	put(t, s, due("a"))
	keys := dial(t, db.DSN).Keys(t.Context(), "*").Val()
	if len(keys) == 0 {
		t.Error("there are no keys")
	}
	for _, key := range keys {
		if !strings.HasPrefix(key, "{mine}:") {
			t.Errorf("there is a key %s", key)
		}
	}
}

// What the plugin cannot accept is named, and a password is not.
func TestPluginFaults(t *testing.T) {
	for _, test := range []struct {
		options map[string]any
		want    string
	}{
		{nil, "redis.url is missing; give a server, such as redis://user:password@localhost:6379/0"},
		{map[string]any{"url": "http://:secret@localhost"}, "redis.url is not as it should be; give a server, such as redis://user:password@localhost:6379/0"},
		{map[string]any{"url": "redis://:secret@local host:x y"}, "redis.url is not as it should be; give a server, such as redis://user:password@localhost:6379/0"},
		{map[string]any{"url": "redis://localhost", "prefix": "{a}"}, `redis.prefix is "{a}"; leave out the braces, which are put around it`},
		{map[string]any{"url": "redis://localhost", "prefx": "a"}, `redis.prefx is unknown; did you mean "prefix"?`},
		{map[string]any{"url": "redis://localhost", "history_age": "long"}, `redis.history_age is "long"; give a number of seconds from 0 on, or a duration such as "1m30s"`},
	} {
		_, err := plugins.Store("redis", test.options)
		if err == nil || err.Error() != test.want {
			t.Errorf("%v\n got %v\nwant %s", test.options, err, test.want)
		}
	}
}

// A Config says what is wrong with it when it is opened.
func TestConfigFaults(t *testing.T) {
	client := dial(t, "redis://localhost:1")
	for _, test := range []struct {
		config redis.Config
		want   string
	}{
		{redis.Config{}, "Config.URL is empty; give the server, such as redis://localhost:6379/0, or a Client"},
		{redis.Config{URL: "redis://localhost", Client: client}, "Config.URL and Config.Client are both given; keep one of them"},
		{redis.Config{URL: "redis://localhost", Prefix: "a}"}, `Config.Prefix is "a}"; leave out the braces, which are put around it`},
		{redis.Config{URL: "localhost:6379"}, "Config.URL cannot be used: redis: invalid URL scheme: localhost; write it like redis://user:password@host:6379/0"},
		{redis.Config{URL: "redis://:secret@h:\x00"}, "Config.URL cannot be used: net/url: invalid control character in URL; write it like redis://user:password@host:6379/0"},
	} {
		_, err := test.config.Open(t.Context(), env)
		if want := `open store "jobs": ` + test.want; err == nil || err.Error() != want {
			t.Errorf("%+v\n got %v\nwant %s", test.config, err, want)
		}
	}
}
