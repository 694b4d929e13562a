"""What is not the product: set-up, benchmarks, the message catalogue, first drawings of templates and samples."""
