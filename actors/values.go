package actors

import "context"

// values is what the contexts of runs derive from: it has the values of the
// runtime and, behind them, those of the program. It does not end.
type values struct {
	context.Context // the runtime's
	program         context.Context
}

func (h *host) values() context.Context {
	return values{h.rt.Context(), context.WithoutCancel(h.config.BaseContext)}
}

// Value implements context.Context.
func (v values) Value(key any) any {
	if value := v.Context.Value(key); value != nil {
		return value
	}
	return v.program.Value(key)
}
