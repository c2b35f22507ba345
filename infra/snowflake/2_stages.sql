-- Where files arrive: Snowflake's own stage for a lake in a folder{% if bucket %}, and one that looks into the lake in S3{% endif %}.
use role sysadmin;

-- Instants in Parquet are instants only with their logical types; without these they come as numbers.
create file format if not exists {{ database }}.lake.parquet type = parquet use_logical_type = true;

create stage if not exists {{ database }}.lake.files file_format = (format_name = '{{ database }}.lake.parquet');
{% if bucket %}
-- Snowflake may read what is processed and nothing else of the bucket; docs/running-on-snowflake.md tells how AWS learns to trust it.
use role accountadmin;

create storage integration if not exists {{ database }}_lake type = external_stage storage_provider = 'S3' enabled = true storage_aws_role_arn = '{{ aws_role }}' storage_allowed_locations = ('s3://{{ bucket }}/processed/');
grant usage on integration {{ database }}_lake to role sysadmin;

use role sysadmin;

create stage if not exists {{ database }}.lake.processed url = 's3://{{ bucket }}/processed/' storage_integration = {{ database }}_lake file_format = (format_name = '{{ database }}.lake.parquet');
{% endif %}
