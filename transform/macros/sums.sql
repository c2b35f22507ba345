{#- A sum of fractions that comes out the same in whatever order they are added up: an increment equals building anew. -#}
{% macro exact_sum(fractions) -%}
    cast(sum(cast({{ fractions }} as numeric(38, 12))) as double)
{%- endmacro %}

{#- The logarithm of n!, by Stirling's series, to ten digits; `e0` makes a literal a double. Snowflake knows no gamma function. -#}
{% macro ln_factorial(n) -%}
    {%- set z = '(' ~ n ~ ' + 8e0)' -%}
    (({{ z }} - 0.5e0) * ln({{ z }}) - {{ z }} + 0.9189385332046727e0 + 1 / (12 * {{ z }}) - 1 / (360 * power({{ z }}, 3)) + 1 / (1260 * power({{ z }}, 5))
        - ln({%- for added in range(1, 8) -%}({{ n }} + {{ added }}e0){{ ' * ' if not loop.last }}{%- endfor -%}))
{%- endmacro %}

{#- Of how many ways there are to draw k out of n, the logarithm. -#}
{% macro ln_choices(n, k) -%}
    ({{ ln_factorial(n) }} - {{ ln_factorial(k) }} - {{ ln_factorial('(' ~ n ~ ' - ' ~ k ~ ')') }})
{%- endmacro %}

{#- The periods that reports sum months up to, each with its first day; `first_month` is the listener's first. -#}
{% macro periods_of_months() -%}
    {{ return({'month': 'month', 'year': first_of('year', 'month'), 'all': 'first_month'}) }}
{%- endmacro %}
