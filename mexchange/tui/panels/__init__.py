"""What fills a panel of the trade screen below the chart."""
