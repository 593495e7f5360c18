module gridramp/tools/pause

go 1.26
