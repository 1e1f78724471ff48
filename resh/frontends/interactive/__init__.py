"""The prompt, whatever terminal it stands in: the local one (`frontends/terminal`) or one behind SSH (`frontends/ssh`)."""
