package metrics

import "github.com/prometheus/client_golang/prometheus"

// All names begin with it.
const prefix = "carillon_"

func counter(name, help string) prometheus.Counter {
	return prometheus.NewCounter(prometheus.CounterOpts{Name: prefix + name, Help: help})
}

func counters(name, help string, labels ...string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Name: prefix + name, Help: help}, labels)
}

func histograms(name, help string, buckets []float64, native bool, labels ...string) *prometheus.HistogramVec {
	opts := prometheus.HistogramOpts{Name: prefix + name, Help: help, Buckets: buckets}
	if native {
		opts.NativeHistogramBucketFactor = 1.1
		opts.NativeHistogramMaxBucketNumber = 100
	}
	prometheus.NewHistogram(opts) // panics if buckets do not grow; a vector does so with the first run
	return prometheus.NewHistogramVec(opts, labels)
}

// gauge is one that is read when it is collected.
type gauge struct{ *prometheus.Desc }

func newGauge(name, help string, labels ...string) gauge {
	return gauge{prometheus.NewDesc(prefix+name, help, labels, nil)}
}

func (g gauge) is(value float64, labels ...string) prometheus.Metric {
	return prometheus.MustNewConstMetric(g.Desc, prometheus.GaugeValue, value, labels...)
}
