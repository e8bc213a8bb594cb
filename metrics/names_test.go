package metrics_test

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/metrics"
)

// described returns the names of all metrics, and the labels of each.
func described(t *testing.T) map[string]string {
	t.Helper()
	s, err := carillon.New(carillon.Config{})
	if err != nil {
		t.Fatal(err)
	}
	names, descs := make(map[string]string), make(chan *prometheus.Desc, 100)
	metrics.New(s, metrics.Config{}).Describe(descs)
	metrics.NewJobs(s).Describe(descs)
	close(descs)
	form := regexp.MustCompile(`fqName: "carillon_(\w+)".*variableLabels: \{(.*?)\}`)
	for d := range descs {
		found := form.FindStringSubmatch(d.String())
		if found == nil {
			t.Fatal(d)
		}
		names[found[1]] = strings.ReplaceAll(found[2], ",", ", ")
	}
	return names
}

// TestDocumented holds the table in doc.go against the metrics that there are.
func TestDocumented(t *testing.T) {
	text, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	table := make(map[string]string)
	row := regexp.MustCompile(`(?m)^//\t(\w+) +(?:counter|gauge|histogram)  (.{15})`)
	for _, found := range row.FindAllStringSubmatch(string(text), -1) {
		table[found[1]] = strings.TrimSpace(found[2])
	}
	if want := described(t); !maps.Equal(table, want) {
		t.Errorf("doc.go has\n%v\nwant\n%v", table, want)
	}
}

// TestAlerts checks that alerts.yml is about metrics and labels that there are.
func TestAlerts(t *testing.T) {
	text, err := os.ReadFile("alerts.yml")
	if err != nil {
		t.Fatal(err)
	}
	names := described(t)
	used := regexp.MustCompile(`carillon_(\w+)(?:\{(\w+)=)?`).FindAllStringSubmatch(string(text), -1)
	if len(used) == 0 {
		t.Fatal("there is none")
	}
	for _, u := range used {
		name := strings.TrimSuffix(u[1], "_bucket")
		labels, there := names[name]
		if !there || u[2] != "" && !slices.Contains(strings.Split(labels, ", "), u[2]) {
			t.Errorf("%s: there is no such metric, or it has no such label", u[0])
		}
	}
}
