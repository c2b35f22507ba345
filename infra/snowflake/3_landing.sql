-- The landing tables, and what loading remembers. They have one definition, which DuckDB's are made from as well.
use role sysadmin;
{% for statement in landing %}

{{ statement }};
{% endfor %}
