"""The pages of orderers."""
