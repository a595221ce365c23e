"""What front ends use: requests, streams, and local views of book, orders and balances, over UDP."""
