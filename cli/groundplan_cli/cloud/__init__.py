"""The mock cloud as a server, from the command line: started, found again, talked to, and stopped."""
