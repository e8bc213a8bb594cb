// Package mysql keeps jobs in MariaDB or MySQL.
package mysql
