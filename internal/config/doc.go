// Package config is all that can be set about an installation before it runs. What belongs to the organisation (accounts,
// departments, hours) is set in the browser and kept in the database; this is the rest.
//
// A setting is one field of Config. It is given, the first of these that is there, by a flag (--public-url), the environment
// (SWITCHBOARD_PUBLIC_URL), the file, or its default. The file is the one that --config or SWITCHBOARD_CONFIG names, or
// switchboard.conf in the working folder if there is one. It has a line for each setting:
//
//	# anything after a blank, a # and a blank is a comment
//	public-url = https://talk.acme.example
//	trusted-proxies = 10.0.3.0/24, 10.0.4.7
//
// A wrong value stops the program with its name, where it came from and what it should be. Effective prints the settings in
// the form of the file, secrets masked, each with where it came from.
package config
