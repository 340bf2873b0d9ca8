// Command postgres starts the private PostgreSQL cluster of the tests, unless it runs already, and prints its address: for what
// is not written in Go. "scripts/postgres stop" ends it.
package main

import (
	"fmt"
	"os"

	"switchboard/internal/store/storetest"
)

func main() {
	address, err := storetest.Cluster()
	if err != nil {
		fmt.Fprintln(os.Stderr, "postgres: "+err.Error())
		os.Exit(1)
	}
	fmt.Println(address)
}
