"""The four small doors to the outside: `Clock`, `Disk`, `Net`, `Log`. Each has a real and a simulated side."""
