-- Who may do what. Each kind of work has a role, and no role has more than its work.
use role securityadmin;

create role if not exists {{ database }}_loader;
create role if not exists {{ database }}_transformer;
create role if not exists {{ database }}_reporter;
{% for role in ['loader', 'transformer', 'reporter'] %}

grant role {{ database }}_{{ role }} to role sysadmin;
grant role {{ database }}_{{ role }} to user {{ user }};
grant usage on warehouse {{ warehouse }} to role {{ database }}_{{ role }};
grant usage on database {{ database }} to role {{ database }}_{{ role }};
grant usage on schema {{ database }}.lake to role {{ database }}_{{ role }};
grant select on all tables in schema {{ database }}.lake to role {{ database }}_{{ role }};
grant select on future tables in schema {{ database }}.lake to role {{ database }}_{{ role }};
{% endfor %}

-- The loader brings rows into the landing tables and takes them out again.
grant insert, delete on all tables in schema {{ database }}.lake to role {{ database }}_loader;
grant insert, delete on future tables in schema {{ database }}.lake to role {{ database }}_loader;
grant usage on file format {{ database }}.lake.parquet to role {{ database }}_loader;
grant read, write on stage {{ database }}.lake.files to role {{ database }}_loader;
{% if bucket %}
grant usage on stage {{ database }}.lake.processed to role {{ database }}_loader;
{% endif %}
{% for schema in ['staging', 'intermediate', 'marts', 'changes'] %}

-- The transformer makes what is in {{ schema }}, and so owns it.
grant usage, create table, create view on schema {{ database }}.{{ schema }} to role {{ database }}_transformer;
{% endfor %}
{% for schema in ['staging', 'intermediate', 'marts'] %}

-- The reporter reads {{ schema }}, also what is made later.
grant usage on schema {{ database }}.{{ schema }} to role {{ database }}_reporter;
grant select on all tables in schema {{ database }}.{{ schema }} to role {{ database }}_reporter;
grant select on future tables in schema {{ database }}.{{ schema }} to role {{ database }}_reporter;
{% endfor %}
