"""Windows onto the shop, inside other people's pages."""
