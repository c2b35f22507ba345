"""The warehouse in Snowflake: the same landing tables and the same models as in a laptop's DuckDB.

Nothing here is imported before somebody asks for Snowflake, and the connector only when a connection is opened.
"""
