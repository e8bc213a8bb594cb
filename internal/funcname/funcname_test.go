package funcname

import (
	"context"
	"testing"
)

type ledger struct{}

func (ledger) Close(context.Context) error { return nil }
func (*ledger) Open(context.Context) error { return nil }

func send(context.Context) error { return nil }

func generic[T any](T) {}

// TestOf names functions of all kinds, as they are and under another type.
func TestOf(t *testing.T) {
	type named func(context.Context) error
	for _, row := range []struct {
		f    any
		want string
	}{
		{send, "funcname.send"},
		{named(send), "funcname.send"},
		{ledger{}.Close, "funcname.ledger.Close"},
		{(&ledger{}).Open, "funcname.(*ledger).Open"},
		{(*ledger).Open, "funcname.(*ledger).Open"},
		{generic[int], "funcname.generic[...]"},
		{func() {}, "funcname.TestOf.func1"},
		{named(nil), ""},
		{nil, ""},
		{"send", ""},
	} {
		if got := Of(row.f); got != row.want {
			t.Errorf("%T is called %q, want %q", row.f, got, row.want)
		}
	}
}

// TestReadable shortens names from packages that are not here.
func TestReadable(t *testing.T) {
	for name, want := range map[string]string{
		"main.main.func1":                          "main.main.func1",
		"github.com/acme/billing.sendInvoices":     "billing.sendInvoices",
		"github.com/acme/billing/v2.sendInvoices":  "billing/v2.sendInvoices",
		"github.com/acme/vat.(*Office).Report-fm":  "vat.(*Office).Report",
		"gopkg.in/yaml%2ev3.Unmarshal":             "yaml.v3.Unmarshal",
		"example.org/a.Send[example.org/b.Letter]": "a.Send[example.org/b.Letter]",
		"example.org/a.Send[...].func1":            "a.Send[...].func1",
		"example.org/v2.f":                         "example.org/v2.f",
		"v2.f":                                     "v2.f",
		"":                                         "",
	} {
		if got := readable(name); got != want {
			t.Errorf("%q becomes %q, want %q", name, got, want)
		}
	}
}

// TestCost holds a name to be free: it is asked for with each job that is added.
func TestCost(t *testing.T) {
	if n := testing.AllocsPerRun(100, func() { Of(send) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}
