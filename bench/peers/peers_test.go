package main

import (
	"bytes"
	"cmp"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/carillon-go/carillon/internal/testserver"
)

// TestMain is also what the processes of the cases begin with: the program
// starts its own file, and in a test that is the test.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "-case" {
		main()
		return
	}
	testserver.Main(m)
}

// TestQuick measures all there is, once.
func TestQuick(t *testing.T) {
	out := filepath.Join(t.TempDir(), "peers.html")
	var stdout, stderr bytes.Buffer
	if err := run(t.Context(), []string{"-quick", "-out", out}, &stdout, &stderr); err != nil {
		t.Fatalf("%v\n%s", err, stderr.String())
	}
	page, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range questions {
		for _, variant := range q.variants {
			if title := q.name + ", " + variant; !strings.Contains(stdout.String(), title) || !strings.Contains(string(page), title) {
				t.Errorf("%s was not reported", title)
			}
		}
	}
	if t.Failed() {
		t.Log(stdout.String())
	}
}

// TestFigures measures a case of each question, and looks for all of its figures
// in the sample.
func TestFigures(t *testing.T) {
	for _, q := range questions {
		variant := q.variants[0]
		c := Case{q.name, variant, q.subjects(variant)[0], q.sizes(variant, true)[0]}
		t.Run(c.String(), func(t *testing.T) {
			sample, err := newRunner(options{quick: true}, io.Discard).measure(t.Context(), c, 0)
			if err != nil {
				t.Fatal(err)
			}
			for name, value := range sample.Figures {
				if !slices.ContainsFunc(q.figures, func(f figure) bool { return f.name == name }) {
					t.Errorf("%s is no figure of the question", name)
				}
				if value < 0 {
					t.Errorf("%s = %v", name, value)
				}
			}
			if len(sample.Figures) == 0 {
				t.Errorf("got %+v", sample)
			}
		})
	}
}

// TestHopeless has a subject stopped at one size, and not tried with the next.
func TestHopeless(t *testing.T) {
	small, large := Case{"burst", oneInstant, "robfig", 1_000}, Case{"burst", oneInstant, "robfig", 10_000}
	r := results{}
	if r.add(small, Sample{}); r.isHopeless(large) {
		t.Error("hopeless without having been stopped")
	}
	if r.add(small, Sample{Bounded: true, Note: "too slow"}); !r.isHopeless(large) || !r.isHopeless(small) {
		t.Error("not hopeless after having been stopped")
	}
	if got := r.note(large); got != "not tried" {
		t.Errorf("the larger size is noted as %q", got)
	}
	if r.isHopeless(Case{"burst", oneInstant, "gocron", 10_000}) {
		t.Error("hopeless because another is")
	}
}

func TestRatios(t *testing.T) {
	r := results{}
	for _, rate := range []float64{300, 100, 200} {
		r.add(Case{"burst", oneInstant, "carillon", 1_000}, Sample{Figures: map[string]float64{"rate": rate, "allocations": 1}})
	}
	r.add(Case{"burst", oneInstant, "robfig", 1_000}, Sample{Figures: map[string]float64{"rate": 50, "allocations": 3}})
	tables := sections(r)[0].Tables
	carillon, robfig := tables[0].Rows[0].Cells[0], tables[0].Rows[1].Cells[0]
	if want := (spread{200, 100, 300}); carillon.spread != want {
		t.Errorf("got %v, want %v", carillon.spread, want)
	}
	if robfig.Ratio != 4 {
		t.Errorf("200 runs/s are %v times better than 50", robfig.Ratio)
	}
	if fewer := tables[1].Rows[1].Cells[0].Ratio; fewer != 3 {
		t.Errorf("1 allocation is %v times better than 3", fewer)
	}
}

// TestHeap adds, postpones and removes at random, and takes all out in order.
func TestHeap(t *testing.T) {
	chance := rand.New(rand.NewPCG(1, 1))
	var h heap
	for job := range int32(1000) {
		h.push(entry{chance.Int64N(500), job})
	}
	for range 300 {
		h.postpone(h.entries[0].at + chance.Int64N(100))
		h.remove(chance.IntN(len(h.entries)))
	}
	var taken []entry
	for len(h.entries) > 0 {
		taken = append(taken, h.entries[0])
		h.remove(0)
	}
	if len(taken) != 700 {
		t.Errorf("%d of 700 were left", len(taken))
	}
	if !slices.IsSortedFunc(taken, func(x, y entry) int { return cmp.Compare(x.at, y.at) }) {
		t.Error("they came out of order")
	}
}

func TestNumbers(t *testing.T) {
	for _, c := range []struct {
		value float64
		want  string
	}{{0, "0"}, {0.1234, "0.12"}, {12.34, "12.3"}, {1234, "1234"}, {12345, "12.3 k"}, {6_396_000, "6.40 M"}} {
		if got := si(c.value); got != c.want {
			t.Errorf("%v is written as %s, want %s", c.value, got, c.want)
		}
	}
	if got := grouped(1_000_000); got != "1,000,000" {
		t.Errorf("got %s", got)
	}
}
