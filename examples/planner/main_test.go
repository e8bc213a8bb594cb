package main

import (
	"testing"

	"go.uber.org/goleak"

	"github.com/carillon-go/carillon/examples/internal/golden"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestOutput(t *testing.T) { golden.Check(t, run) }
