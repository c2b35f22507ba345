{#- Fails for every combination of the columns that several rows share. -#}
{% test is_unique_together(model, columns) %}
select {{ columns | join(', ') }}, count(*) as rows_sharing_it
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1
{% endtest %}
