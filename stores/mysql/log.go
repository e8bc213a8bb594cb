package mysql

import (
	"fmt"
	"log/slog"
)

// driverLog takes what the driver has to say, which is about connections that
// have broken.
type driverLog struct {
	log   *slog.Logger
	alias string
}

func (l driverLog) Print(v ...any) {
	l.log.Debug("the driver says: "+fmt.Sprint(v...), "store", l.alias)
}
