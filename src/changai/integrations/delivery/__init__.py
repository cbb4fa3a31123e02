"""Messages to people outside the product: e-mail, and one webhook. Both are off until the environment names them."""
