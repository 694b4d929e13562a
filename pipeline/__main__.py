"""`python -m pipeline` is the command `hyeopyak`."""

from pipeline.cli import main

if __name__ == "__main__":
    main()
