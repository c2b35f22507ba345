{#- One spelling for a name: lower case, single spaces, none at the ends. -#}
{% macro normalised(name) -%}
    trim(lower({{ replace_all(name, '[[:space:]]+', ' ') }}))
{%- endmacro %}

{#- What a row names, to tell whether two rows name the same: null where it names nothing. -#}
{% macro name_key(artist, title) -%}
    {{ normalised("coalesce(" ~ artist ~ ", '')") }} || '|' || {{ normalised("coalesce(" ~ title ~ ", '')") }}
{%- endmacro %}

{#- An artist is their name: archives have no ids. -#}
{% macro artist_key(artist) -%}
    md5({{ normalised(artist) }})
{%- endmacro %}

{#- A title without what a label adds when it releases the same recording again.
    Live, remix, acoustic and instrumental are other recordings and stay. -#}
{% macro undecorated(title) -%}
    {%- set year = '([0-9]{4} )?' -%}
    {%- set remaster = year ~ '(digital(ly)? )?re-?master(ed)?( version| edition)?( in)?( [0-9]{4})?( version| edition)?' -%}
    {%- set version = '(original )?(single|album) version' -%}
    {%- set edition = year ~ '(super )?deluxe( edition| version)?|bonus track( version)?' -%}
    {%- set guests = '(feat[.]?|ft[.]?|featuring) [^][()]+' -%}
    {%- set words = '(' ~ [remaster, version, edition, guests] | join('|') ~ ')' -%}
    {%- set bracketed = '[ ]*([(]|[[])' ~ words ~ '([)]|[]])' -%}
    {%- set at_the_end = '([ ]+[-–][ ]+' ~ words ~ ')+$' -%}
    {%- set bare_guests = ' (feat[.]|ft[.]|featuring) ([^ (]| [^-–(])*' -%}
    {%- set bare = replace_all(replace_all(replace_all(title, bracketed, ''), at_the_end, ''), bare_guests, '') -%}
    coalesce(nullif(trim({{ bare }}), ''), {{ title }})
{%- endmacro %}

{#- A recording is its artist and its title without what a label adds. -#}
{% macro recording_key(artist, title) -%}
    md5({{ normalised("coalesce(" ~ artist ~ ", '')") }} || '|' || {{ undecorated(normalised(title)) }})
{%- endmacro %}

{#- A genre as the rules of its family spell it: no hyphen, no slash, `and` for an ampersand between words. -#}
{% macro plain_genre(genre) -%}
    {{ normalised("replace(" ~ replace_all(genre, '[-_/]', ' ') ~ ", ' & ', ' and ')") }}
{%- endmacro %}
