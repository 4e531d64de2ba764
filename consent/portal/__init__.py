"""The pages of clients and their representatives: reading papers, asking, signing, saying no, taking back."""
