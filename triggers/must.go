package triggers

// Must returns t, and panics if err is not nil. It is for triggers that are
// written down in the program:
//
//	var hourly = triggers.Must(triggers.NewCrontab("0 * * * *", triggers.Options{}))
func Must[T any](t T, err error) T {
	if err != nil {
		panic(err)
	}
	return t
}
