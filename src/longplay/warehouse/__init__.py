"""The warehouse: loading the lake's files into tables, running dbt over them, asking questions."""
