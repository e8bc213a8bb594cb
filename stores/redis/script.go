package redis

import (
	"context"
	"crypto/sha1"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

//go:embed lua/*.lua
var sources embed.FS

var (
	openScript      = load("open")
	putScript       = load("put")
	deleteScript    = load("delete")
	getScript       = load("get")
	listScript      = load("list")
	historyScript   = load("history")
	heartbeatScript = load("heartbeat")
	resignScript    = load("resign")
	claimScript     = load("claim")
	finishScript    = load("finish")
)

// script is one operation of the store, done by the server in one piece.
type script struct{ text, sha string }

func load(name string) *script {
	var text string
	for _, file := range []string{"prelude", name} {
		part, err := sources.ReadFile("lua/" + file + ".lua")
		if err != nil {
			panic(err)
		}
		text += string(part)
	}
	sum := sha1.Sum([]byte(text))
	return &script{text, hex.EncodeToString(sum[:])}
}

// once is a command that the client does not send again when it does not know
// what has become of it.
type once struct{ *redis.Cmd }

func (once) NoRetry() bool { return true }

// undated is a context without its deadline, which may be one of a fake clock.
// It ends as the other does.
type undated struct{ context.Context }

func (undated) Deadline() (deadline time.Time, ok bool) { return deadline, false }

// call has the server execute a script.
func (s *store) call(ctx context.Context, sc *script, args ...any) (any, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if s.closed.Load() {
		return nil, errClosed
	}
	head := []any{"evalsha", sc.sha, 1, s.key("meta"), format, s.session, s.keep.Count, s.age()}
	line := append(head, args...)
	value, err := s.send(ctx, line)
	if redis.HasErrorPrefix(err, "NOSCRIPT") {
		line[0], line[1] = "eval", sc.text
		value, err = s.send(ctx, line)
	}
	return value, s.explain(ctx, err)
}

func (s *store) send(ctx context.Context, line []any) (any, error) {
	ctx = undated{ctx}
	cmd := once{redis.NewCmd(ctx, line...)}
	_ = s.client.Process(ctx, cmd)
	value, err := cmd.Result()
	if errors.Is(err, redis.Nil) {
		return nil, nil
	}
	return value, err
}

// explain makes an error say what is wrong, where the server does not.
func (s *store) explain(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if ended := ctx.Err(); ended != nil {
		return fmt.Errorf("%w: %w", ended, err)
	}
	text := err.Error()
	if end := strings.LastIndex(text, " script: "); end >= 0 {
		text = text[:end]
	}
	if _, ours, found := strings.Cut(text, "CARILLON "); found {
		return errors.New(ours)
	}
	if strings.Contains(text, "WRONGTYPE") {
		return fmt.Errorf("another program has written under %s; give another Prefix: %s", s.key(""), text)
	}
	for _, r := range remedies {
		if strings.Contains(text, r.says) {
			return fmt.Errorf("%s: %s", text, r.remedy)
		}
	}
	return err
}

// remedies say what to do about what the server says.
var remedies = []struct{ says, remedy string }{
	{"READONLY", "the server is a replica; give the address of the primary"},
	{"OOM", "its memory is full; raise maxmemory"},
	{"NOPERM", rights},
	{"can't run this command", rights},
}

const rights = "give the user the keys, channels and commands that the documentation of package redis lists"

// reply is a list that a script returns.
type reply []any

func list(value any) reply {
	items, _ := value.([]any)
	return items
}

func (r reply) list(i int) reply { return list(r.at(i)) }

func (r reply) text(i int) string {
	text, _ := r.at(i).(string)
	return text
}

func (r reply) int(i int) int {
	n, _ := r.at(i).(int64)
	return int(n)
}

func (r reply) at(i int) any {
	if i >= len(r) {
		return nil
	}
	return r[i]
}

func (r reply) texts() []string {
	texts := make([]string, len(r))
	for i := range r {
		texts[i] = r.text(i)
	}
	return texts
}
