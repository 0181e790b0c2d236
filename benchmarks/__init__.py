"""Speed and scale: what Quellenchat costs, beside what one would use instead."""
