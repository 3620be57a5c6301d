"""What customers can see of the platform behind their shop: every page, letter, paper, file and header, searched."""
